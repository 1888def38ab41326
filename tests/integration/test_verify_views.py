#!/usr/bin/env python3
"""Definitions without a service are verified by their feature views: a key asked for is its own answer.

Entities come, fall silent and are forgotten; PostgreSQL has no row for them then, ours answers with
the key and NULL for everything that is computed.
"""

import json
import random

from world import World, check, main

DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (account text NOT NULL, shop int4, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) FILTER (WHERE at > now() - interval '1 hour') AS n_1h, account AS again
FROM pay WHERE at > now() - interval '6 hours' GROUP BY account;
CREATE MATERIALIZED VIEW visits AS
SELECT account, shop, count(*) AS n, max(at) AS seen
FROM pay GROUP BY account, shop;
"""


def events_make(seed):
    draw = random.Random(seed)
    for _ in range(400):
        at = f"2024-03-{draw.randint(1, 9):02d}T{draw.randrange(24):02d}:{draw.randrange(60):02d}:00Z"
        yield json.dumps({"account": draw.choice("abcdef"), "shop": draw.randrange(3), "at": at})


def test(world: World):
    world.run("apply", world.write("views.sql", DEFINITIONS.replace("@", world.topic("pay"))))
    world.run("import", "pay", world.write("pay.jsonl", "\n".join(events_make(1)) + "\n"))
    world.run("materialize")
    done = world.run("verify", "--draws", 200, "--without", "online")
    check("verify of views alone finds 0 differences", "verify: 0 differences" in done.stdout,
          done.stdout + done.stderr)
    world.psql("UPDATE nowthen.account SET n_1h = n_1h + 1")
    done = world.run("verify", "--draws", 200, "--without", "online", code=1)
    check("and finds what was changed by hand", "account.n_1h for account=" in done.stdout,
          done.stdout + done.stderr)


if __name__ == "__main__":
    main("verify_views", test)
