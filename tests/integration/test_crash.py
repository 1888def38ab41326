#!/usr/bin/env python3
"""Kill -9 and disorder leave no trace: the state is a function of the set of events.

60,000 disordered events, half of them of one entity, go into a store undisturbed, into one whose
worker is killed again and again, and in another order through another topic into a third. All three
must hold the same bytes.
"""

import json
import os
import random
import signal
import time

from world import Failure, World, check, check_equal, main

EVENTS = 60_000
ENTITIES = 400
SPAN_S = 40 * 86_400
KILLS = 14
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, shop int4, amount float8 CHECK (amount < 1000), note text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account,
       count(*) FILTER (WHERE at > now() - interval '1 hour') AS n_1h,
       sum(amount) FILTER (WHERE at > now() - interval '1 day') AS spent_1d,
       avg(amount) AS mean, min(note) AS least, last(note, at) AS latest
FROM pay WHERE at > now() - interval '6 days' GROUP BY account;
CREATE MATERIALIZED VIEW shop AS
SELECT shop, count(*) AS n, sum(amount) AS earned, first(account, at) AS earliest,
       max(amount) FILTER (WHERE at > now() - interval '12 hours') AS most
FROM pay GROUP BY shop;
"""


def events_make(seed):
    """Late by up to days, at times equal, one in fifty to be rejected, half of the account 'big', and
    some of accounts that fall silent after a day."""
    draw = random.Random(seed)
    lines = []
    for number in range(EVENTS):
        late = draw.expovariate(1 / 3600) if draw.random() < 0.9 else draw.uniform(0, 5 * 86_400)
        at = max(0, int(SPAN_S * number / EVENTS - late))
        silent = f"day{at // 86_400}" if draw.random() < 0.1 else f"a{draw.randrange(ENTITIES)}"
        event = {
            "account": "big" if draw.random() < 0.5 else silent,
            "shop": draw.choice([None, *range(30)]),
            "amount": 1000 if draw.random() < 0.02 else round(draw.uniform(-5, 99), 3),
            "note": draw.choice([None, "x", "yy", f"n{number % 97}"]),
            "at": f"2024-03-{1 + at // 86_400:02d}" if at < 31 * 86_400
                  else f"2024-04-{1 + at // 86_400 - 31:02d}",
        }
        hour, rest = divmod(at % 86_400, 3600)
        event["at"] += f"T{hour:02d}:{rest // 60:02d}:{rest % 60:02d}.{draw.randrange(3)}Z"
        lines.append(json.dumps(event))
    return lines


def published(world, name, lines):
    """The compiled definitions of a topic that holds these lines."""
    definitions = world.write(f"{name}.sql", DEFINITIONS.replace("@", world.topic(name)))
    world.run("apply", definitions)
    file = world.write(f"{name}.jsonl", "".join(line + "\n" for line in lines))
    world.run("publish", "pay", file, "--key", "account", "--partitions", "3")
    world.run("compile", definitions, "-o", world.path(name))
    return ("--program", world.path(name), "--clock", "event", "--set", "store.past_reads_s=0")


def state_of(world, store):
    """(digests of the state, everything else)"""
    found = world.inspect(store)
    digests = {name: found.pop(name) for name in ("row", "tile")}
    return digests, found


def load(world, program, store, *more):
    service = world.serve(*program, "--store", store, "--until-end", *more, log="load.log")
    code = service.process.wait(60)
    check_equal(f"serve --until-end reads all into {os.path.basename(store)} and ends with 0",
                (0, True), (code, "caught up" in service.said()))
    return state_of(world, store)


def kill_within(world, program, store, position, draw):
    """Starts a worker and kills it once it has applied that many messages. False: it was done."""
    service = world.serve(*program, "--store", store, log="killed.log",
                          *("--set", "worker.commit_events=40", "--set", "worker.commit_ms=1"))
    try:
        while True:
            metrics = service.metrics()
            at = sum(value for name, value in metrics.items() if "kafka_position" in name)
            if at >= position:
                break
    except (OSError, Failure):
        raise Failure(f"the worker ended by itself:\n{service.said()}") from None
    time.sleep(draw.uniform(0, 0.003))
    service.process.send_signal(signal.SIGKILL)
    service.process.wait()
    return at


def killed_often(world, program, store, seed):
    draw = random.Random(seed)
    for _ in range(2):  # before, or while, the first messages come
        service = world.serve(*program, "--store", store, log="killed.log")
        time.sleep(draw.uniform(0.01, 0.15))
        service.process.kill()
        service.process.wait()
    places = []
    for number in range(KILLS):
        position = int(EVENTS * (number + draw.random()) / (KILLS + 2)) + 1
        places.append(int(kill_within(world, program, store, position, draw)))
    inside = [place for place in places if 0 < place < EVENTS]
    check(f"{len(inside)} kills in the middle of the load, after {places} messages",
          len(inside) >= 12, places)


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"crash: seed {seed}")
    lines = events_make(seed)
    shuffled = random.Random(seed + 1).sample(lines, len(lines))
    other = published(world, "shuffled", shuffled)
    program = published(world, "events", lines)

    digests, meta = load(world, program, world.path("undisturbed"))
    total = sum(int(value.split()[-1]) for name, value in meta.items() if "position" in name)
    rejected = sum('"amount": 1000,' in line for line in lines)
    check_equal("every event was applied or rejected, once", (EVENTS, EVENTS - rejected, rejected),
                (total, int(meta["counter accepted"]), int(meta["counter rejected"])))

    killed_often(world, program, world.path("killed"), seed)
    after, after_meta = load(world, program, world.path("killed"))
    check_equal("after all kills the state is byte for byte that of an undisturbed run",
                digests, after)
    check_equal("positions and counters are the same: no event was lost, none applied twice",
                meta, after_meta)
    check("nowthen check finds no fault in it", world.run(
        "check", "--store", world.path("killed")).returncode == 0)

    digests_shuffled, _ = load(world, other, world.path("shuffled_store"))
    check_equal("the same events in another order make the same bytes", digests, digests_shuffled)

    for arguments in (("--of", "account", "--at", "2024-04-08T12:00:00Z"),
                      ("--of", "shop", "--at", "2024-03-20T00:00:00Z")):
        answers = [world.run("eval", world.path("events.sql"), "--events",
                             f"pay={world.path(name)}.jsonl", *arguments).stdout
                   for name in ("events", "shuffled")]
        check_equal(f"eval {' '.join(arguments)} prints the same of both orders",
                    answers[0], answers[1])
        check("and it is not empty", answers[0].count("\n") > 20, answers[0])


if __name__ == "__main__":
    main("crash", test)
