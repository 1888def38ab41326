#!/usr/bin/env python3
"""An event key that says nothing of time or entity: a producer that repeats itself, whatever the order,
kill -9, replay, build from history or erasure, is counted once; PostgreSQL says what once is.

30,000 events, every tenth sent again: as it was, restamped, in the name of another entity, or before
the first. They go into a store undisturbed, into one whose worker is killed again and again, in another
order into a third, and as history into a fourth. All must hold the same bytes.
"""

import json
import random
import time

from world import World, check, check_equal, main

EVENTS = 30_000
SPAN_S = 20 * 86_400
KILLS = 6
GONE = "a7"
CLOCK = ("--clock", "event", "--set", "store.past_reads_s=0")
PAST = ("--set", "store.past_reads_s=999999999")
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  id bigint PRIMARY KEY, account text, amount float8 CHECK (amount < 1000), at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) AS n, sum(amount) AS spent,
       count(*) FILTER (WHERE at > now() - interval '1 hour') AS n_1h, last(id, at) AS latest
FROM pay WHERE at > now() - interval '2 days' GROUP BY account;
CREATE MATERIALIZED VIEW size AS
SELECT CASE WHEN amount < 20 THEN 'small' ELSE 'large' END AS size, count(*) AS n, min(at) AS since
FROM pay WHERE account IS NOT NULL AND at > now() - interval '1 day' GROUP BY 1;
CREATE FOREIGN TABLE question (account text) SERVER request;
CREATE VIEW risk AS
SELECT q.account, a.n, a.spent, a.n_1h, a.latest FROM question q LEFT JOIN account a USING (account);
"""
EVER = """
CREATE MATERIALIZED VIEW ever AS
SELECT account, count(*) AS n, max(amount) AS most FROM pay GROUP BY account;
"""


def time_text(at):
    return (f"2024-01-{1 + at // 86_400:02d}T{at // 3600 % 24:02d}:{at // 60 % 60:02d}:"
            f"{at % 60:02d}Z")


def event_make(draw, number, sent):
    late = draw.expovariate(1 / 3600) if draw.random() < 0.9 else draw.uniform(0, 4 * 86_400)
    event = {"id": number, "account": draw.choice([None, *(f"a{i}" for i in range(200))]),
             "amount": 1000 if draw.random() < 0.02 else round(draw.uniform(-5, 99), 3),
             "at": max(0, int(SPAN_S * number / EVENTS - late))}
    if sent and draw.random() < 0.1:
        first = draw.choice(sent[-3000:]) if draw.random() < 0.8 else draw.choice(sent)
        event = dict(first)
        how = draw.randrange(4)
        if how == 1:
            event["at"] += draw.choice([1, 60, 86_400, 2 * 86_400, 3 * 86_400])
        if how == 2:
            event["account"] = f"a{draw.randrange(200)}"
        if how == 3:
            event["at"] = max(0, event["at"] - draw.randrange(7200))
    return event


def events_make(seed):
    draw = random.Random(seed)
    sent = []
    for number in range(EVENTS):
        sent.append(event_make(draw, number, sent))
    return [json.dumps({**event, "at": time_text(event["at"])}) + "\n" for event in sent]


def published(world, name, lines, more=""):
    """The arguments for the compiled definitions of a topic that holds these lines."""
    definitions = world.write(f"{name}.sql", DEFINITIONS.replace("@", world.topic(name)) + more)
    world.run("apply", definitions)
    world.run("publish", "pay", world.write(f"{name}.jsonl", "".join(lines)), "--partitions", "1")
    world.run("compile", definitions, "-o", world.path(name))
    return ("--program", world.path(name), *CLOCK)


def load(world, program, store):
    world.run("serve", "--port", "0", *program, "--store", store, "--until-end")
    return world.inspect(store)


def digests(state):
    return {name: state[name] for name in ("row", "tile", "event")}


def killed_often(world, program, store, draw):
    inside = 0
    for number in range(KILLS):
        service = world.serve(*program, "--store", store, log="killed.log",
                              *("--set", "worker.commit_events=50", "--set", "worker.commit_ms=1"))
        aim = EVENTS * (number + 1) // (KILLS + 1)
        applied = 0
        while applied < aim:
            applied = sum(value for name, value in service.metrics().items()
                          if "kafka_position" in name)
        time.sleep(draw.uniform(0, 0.003))
        service.process.kill()
        service.process.wait()
        inside += 0 < applied < EVENTS
    check(f"{inside} of {KILLS} kills come in the middle of the load", inside >= KILLS // 2)


def from_history(world, lines, undisturbed):
    """The worker's part is the second half."""
    half = world.write("half.jsonl", "".join(lines[:EVENTS // 2]))
    world.run("import", "pay", half, "--positions", "0:0")
    store = world.path("built")
    world.run("materialize", "--online", "--store", store, *CLOCK)
    world.run("serve", "--port", "0", "--until-end", "--store", store, *CLOCK)
    check_equal("history and the stream behind it make the same bytes", digests(undisturbed),
                digests(world.inspect(store)))
    check("nowthen check finds no fault in it",
          "kept by their event key" in world.run("check", "--store", store).stdout)


def judged(world, lines):
    world.run("import", "pay", world.write("rest.jsonl", "".join(lines[EVENTS // 2:])),
              "--positions", f"0:{EVENTS // 2}")
    world.run("materialize")
    said = world.run("verify", "--without", "online", "--draws", "400", "--seed", "3").stdout
    check("training from history, from the tables and PostgreSQL agree",
          "verify: 0 differences" in said, said)
    world.write("spine.csv", "account,event_timestamp\na1,2024-01-10 00:00:00+00\n")
    world.fails("what was served is not asked of a view that settles keys so",
                ["snapshot", "risk", "--spine", world.path("spine.csv"), "-o", world.path("x.csv"),
                 "--as-served", "--commits", world.write("commits.csv", "")], 2)


def evaluated(world, program):
    """A lookup answers what eval does."""
    at = "2024-01-18 12:00:00+00"
    said = world.run("eval", world.path("events.sql"), "--events",
                     f"pay={world.path('events.jsonl')}", "--of", "account", "--at", at,
                     "--format", "json").stdout
    rows = {row["account"]: row for row in map(json.loads, said.splitlines())}
    service = world.serve(*program, *PAST, "--store", world.path("asked")).ready_wait()
    accounts = sorted(rows)
    status, answer = service.features({"account": accounts}, as_of=at, features=[
        f"account:{name}" for name in ("n", "spent", "n_1h", "latest")])
    check_equal("a lookup is answered", 200, status)
    got = [each["values"] for each in answer["results"][1:]]
    expected = [[rows[account][name] for account in accounts]
                for name in ("n", "spent", "n_1h", "latest")]
    check_equal(f"lookups of {len(accounts)} accounts equal eval", expected, got)
    service.stop()


def erased(world, lines):
    store = world.path("erased")
    world.run("serve", "--port", "0", "--until-end", "--store", store, *CLOCK, *PAST)
    world.run("erase", "account", f"account={GONE}", "--store", store)
    said = world.run("eval", world.path("events.sql"), "--events", "pay=" + world.write(
        "left.jsonl", "".join(line for line in lines if json.loads(line)["account"] != GONE)),
        "--of", "account", "--at", "2024-01-19 00:00:00+00").stdout
    service = world.serve(*CLOCK, *PAST, "--store", store).ready_wait()
    for line in random.Random(1).sample(said.splitlines()[1:], 20):
        account, n = line.split(",")[:2]
        _, answer = service.features({"account": [account]}, features=["account:n"],
                                     as_of="2024-01-19 00:00:00+00")
        if str(answer["results"][1]["values"][0]) != n:
            check_equal(f"{account} is as if {GONE} had never been", n, answer)
    check(f"20 accounts are as if {GONE} had never been", True)
    _, answer = service.features({"account": [GONE]}, features=["account:n"])
    check_equal(f"{GONE} is not found", ["NOT_FOUND"], answer["results"][1]["statuses"])
    service.stop()


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"event key: seed {seed}")
    draw = random.Random(seed)
    lines = events_make(seed)
    other = published(world, "shuffled", random.Random(seed + 1).sample(lines, len(lines)))
    forever = published(world, "ever", lines, EVER)
    program = published(world, "events", lines)

    undisturbed = load(world, program, world.path("undisturbed"))
    check_equal("every event was applied or rejected, once", EVENTS,
                int(undisturbed["counter accepted"]) + int(undisturbed["counter rejected"]))
    killed_often(world, program, world.path("killed"), draw)
    check_equal("after all kills the state is that of an undisturbed run", undisturbed,
                load(world, program, world.path("killed")))
    check_equal("the same events in another order make the same bytes", digests(undisturbed),
                digests(load(world, other, world.path("shuffled_store"))))

    ever = load(world, forever, world.path("ever_store"))
    records = int(ever["event"].split()[0])
    few = int(undisturbed["event"].split()[0])
    distinct = len({json.loads(line)["id"] for line in lines if '"amount": 1000,' not in line})
    check_equal("with a view for ever every key is kept", distinct, records)
    check(f"without one {few} of {records}", few < records / 2)

    evaluated(world, program)
    from_history(world, lines, undisturbed)
    judged(world, lines)
    erased(world, lines)


if __name__ == "__main__":
    main("event_key", test)
