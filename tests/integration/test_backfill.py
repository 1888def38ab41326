#!/usr/bin/env python3
"""An online store built from history is, to the byte, the one that the worker would have made, and
the stream goes on behind it without losing or repeating an event."""

import json
import random
import signal
import time

from world import World, check, check_equal, main

EVENTS = 6000
BEFORE = 3500  # of them in the history, of a stream that has all
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text, shop int4, amount float8 CHECK (amount < 1000), at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) FILTER (WHERE at > now() - interval '1 hour') AS n_1h,
       sum(amount) AS spent, last(shop, at) AS last_shop
FROM pay WHERE at > now() - interval '3 days' GROUP BY account;
CREATE MATERIALIZED VIEW pair AS
SELECT account, shop, count(*) AS visits, avg(amount) AS mean FROM pay GROUP BY account, shop;
"""
CLOCK = ("--clock", "event", "--set", "store.past_reads_s=172800")


def event_make(draw, number):
    """One in a hundred is rejected; event time rises with the number, but for ties. Some accounts
    fall silent, and leave the store of the view that does not live for ever."""
    at = number * 200
    return json.dumps({
        "account": draw.choice([None, "giant", f"a{draw.randrange(400)}",
                                f"silent{number // 100}"]),
        "shop": draw.choice([None, 1, 2]),
        "amount": 5000 if draw.randrange(100) == 0 else round(draw.uniform(-9, 99), 2),
        "at": f"2024-01-{1 + at // 86_400:02d}T{at // 3600 % 24:02d}:{at // 60 % 60:02d}:"
              f"{at % 60:02d}Z"}) + "\n"


def time_of(event):
    return json.loads(event)["at"]


def state(world, store):
    said = world.inspect(store)
    return said["row"], said["tile"]


def counters(world, store):
    return {name.removeprefix("counter "): int(value)
            for name, value in world.inspect(store).items() if name.startswith("counter ")}


def stream_read(world, store):
    world.run("serve", "--until-end", "--port", "0", "--store", store, *CLOCK)


def build(world, store, *arguments, **options):
    return world.run("materialize", "--online", "--store", store, *CLOCK, *arguments, **options)


def without_positions(world, events, streamed):
    world.run("import", "pay", world.write("before.jsonl", "".join(events[:BEFORE])))
    world.fails("a history without positions is not built without a boundary",
                ["materialize", "--online", "--store", world.path("none"), *CLOCK], 2,
                "--handover-at", "archive")
    store = world.path("boundary")
    boundary = time_of(events[BEFORE - 1])
    said = build(world, store, "--handover-at", boundary).stdout
    check("it says what the boundary means", "never counted" in said, said)
    world.fails("a store that was built is not built again",
                ["materialize", "--online", "--store", store, *CLOCK], 2, "another directory")
    stream_read(world, store)
    check_equal("history up to a boundary and the stream after it: the bytes of the stream",
                state(world, streamed), state(world, store))
    check("events before the boundary are counted as handed over",
          3000 < counters(world, store)["handed_over"] <= BEFORE, counters(world, store))
    check_equal("and the others are applied, with those of the history",
                counters(world, streamed)["applied"], counters(world, store)["applied"])


def positions_give(world, events):
    """The history gets positions, as if an archive had kept the first events of each partition."""
    world.psql("ALTER TABLE history.pay ADD log_partition int4, ADD log_offset int8")
    world.psql("TRUNCATE history.pay")
    rows = []
    for offset, event in enumerate(events[:BEFORE]):
        each = json.loads(event)
        if each["amount"] < 1000:
            text = {name: "NULL" if value is None else f"'{value}'" for name, value in each.items()}
            rows.append(f"({text['account']}, {text['shop']}, {text['amount']}, {text['at']}, 0, "
                        f"{offset})")
    for at in range(0, len(rows), 500):
        world.psql("INSERT INTO history.pay VALUES " + ", ".join(rows[at:at + 500]))


def with_positions(world, events, streamed):
    positions_give(world, events)
    store = world.path("positions")
    said = build(world, store).stdout
    check("it says where the stream goes on", "the stream goes on at offset 3500" in said, said)
    expected = {"accepted": int(world.psql("SELECT count(*) FROM history.pay")), "rejected": 0}
    got = counters(world, store)
    check_equal("events are counted once, though two views read them", expected,
                {name: got[name] for name in expected})
    stream_read(world, store)
    check_equal("history with positions and the stream behind it: the bytes of the stream",
                state(world, streamed), state(world, store))
    check_equal("no event was passed over", 0, counters(world, store)["handed_over"])


def killed(world, draw, streamed):
    store = world.path("killed")
    kills = 0
    for _ in range(30):
        process = world.start("materialize", "--online", "--store", store, *CLOCK, log="build.log")
        time.sleep(draw.uniform(0.01, 0.12))
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        if kills == 8:
            break
    done = build(world, store, code=None)
    check("a killed build goes on, or was at its end",
          done.returncode == 0 or "holds events already" in done.stderr, done.stderr)
    stream_read(world, store)
    check_equal(f"killed {kills} times, the build ends with the same bytes",
                state(world, streamed), state(world, store))


def interrupted(world, streamed):
    """A view as history, whose rows cannot be read before they are mended."""
    store = world.path("interrupted")
    arguments = ["materialize", "--online", "--store", store, *CLOCK]
    world.psql("CREATE TABLE broken AS SELECT 0 AS by; ALTER TABLE history.pay RENAME TO kept;"
               "CREATE VIEW history.pay AS SELECT account, shop / (SELECT by FROM broken) AS shop, "
               "amount, at, log_partition, log_offset FROM history.kept")
    world.fails("what PostgreSQL says of the history ends the build", arguments, 2, "by zero")
    world.fails("a store that is half built is not served",
                ["serve", "--port", "0", "--store", store, *CLOCK], 6, "materialize --online")
    world.psql("UPDATE broken SET by = 1; CREATE TABLE aside AS SELECT * FROM history.kept "
               "WHERE log_offset < 500; DELETE FROM history.kept WHERE log_offset < 500")
    world.fails("a history that has changed meanwhile is refused", arguments, 5, "has changed")
    world.psql("INSERT INTO history.kept SELECT * FROM aside; INSERT INTO history.kept "
               "VALUES ('late', 1, 1, '2024-01-01', 0, 4000)")
    build(world, store)
    stream_read(world, store)
    check_equal("events that the archive gets meanwhile are left to the stream",
                state(world, streamed), state(world, store))


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"backfill: seed {seed}")
    draw = random.Random(seed)
    definitions = world.write("definitions.sql", DEFINITIONS.replace("@", world.topic("pay")))
    events = [event_make(draw, number) for number in range(EVENTS)]
    events[BEFORE - 1] = events[BEFORE - 1].replace("5000", "50")
    everything = world.write("events.jsonl", "".join(events))
    world.run("apply", definitions)
    world.run("publish", "pay", everything)
    streamed = world.path("streamed")
    stream_read(world, streamed)
    without_positions(world, events, streamed)
    with_positions(world, events, streamed)
    killed(world, draw, streamed)
    interrupted(world, streamed)


if __name__ == "__main__":
    main("backfill", test)
