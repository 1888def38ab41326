#!/usr/bin/env python3
"""Definitions without a service are verified by their feature views: a key asked for is its own answer.

Entities come, fall silent and are forgotten; PostgreSQL has no row for them then, ours answers with
the key and NULL for everything that is computed. What JSON has no number for is no difference.
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

FLOATS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE reading (meter text, r real, f float8, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW gauge AS
SELECT meter, sum(r) AS sr, sum(f) AS sf, max(r) AS mr, last_n(r, at, 3) AS lr, last_n(f, at, 3) AS lf
FROM reading GROUP BY meter;
"""
READINGS = (("nan", "NaN", "NaN"), ("inf", "Infinity", "-Infinity"), ("inf", 1.5, None),
            ("large", 3e38, 1.5e308), ("large", 3e38, 1.5e308), ("null", None, None))


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
    floats_without_number(world)


def floats_without_number(world):
    lines = [json.dumps({"meter": meter, "r": r, "f": f, "at": f"2024-03-01T00:00:{i:02d}Z"})
             for i, (meter, r, f) in enumerate(READINGS)]
    world.run("apply", world.write("floats.sql", FLOATS.replace("@", world.topic("reading"))))
    world.run("publish", "reading", world.write("reading.jsonl", "\n".join(lines) + "\n"))
    world.run("archive", "--until-end")
    world.run("materialize", "--online")
    port = world.serve().ready_wait().address().rsplit(":", 1)[1]
    done = world.run("verify", "--draws", 60, "--without", "materialized", "--port", port)
    check("NaN and infinities of both float types, alone and in arrays, are no difference to the "
          "null of JSON", "verify: 0 differences" in done.stdout, done.stdout + done.stderr)


if __name__ == "__main__":
    main("verify_views", test)
