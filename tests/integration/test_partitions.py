#!/usr/bin/env python3
"""Partitions added to a topic while it is served and archived: nothing lost, nothing twice."""

import json
import random
import signal

from world import World, admin, check_equal, main, wait_until

BATCH = 1500
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, amount float8, at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) AS n, sum(amount) AS spent, last(amount, at) AS last
FROM pay WHERE at > now() - interval '30 days' GROUP BY account;
"""
CLOCK = ("--clock", "event", "--set", "store.past_reads_s=0")
SOON = ("--set", "worker.refresh_ms=200")


def publish(world, draw, number):
    events = [json.dumps({"account": f"a{draw.randrange(300)}", "amount": draw.randrange(99),
                          "at": f"2024-01-{1 + number:02d}T{at % 24:02d}:00:00Z"}) + "\n"
              for at in range(BATCH)]
    world.run("publish", "pay", world.write("events.jsonl", "".join(events)), "--key", "account",
              "--partitions", "2")


def state(world, store):
    said = world.inspect(store)
    return {name: value for name, value in said.items()
            if name in ("row", "tile") or name.startswith(("counter", "position"))}


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"partitions: seed {seed}")
    draw = random.Random(seed)
    topic = world.topic("pay")
    host, port = world.brokers.split(",")[0].rsplit(":", 1)
    broker = admin.Broker(host, int(port))
    world.run("apply", "--no-topics",
              world.write("definitions.sql", DEFINITIONS.replace("@", topic)))
    publish(world, draw, 0)
    store = world.path("served")
    service = world.serve("--store", store, *CLOCK, *SOON).ready_wait()
    archive = world.start("archive", *SOON, log="archive.log")
    for number, count in ((1, 3), (2, 7)):
        broker.partitions_set(topic, count)
        publish(world, draw, number)  # part of it before the worker knows them
    applied = 3 * BATCH

    def position():
        return sum(value for name, value in service.metrics().items() if "kafka_position" in name)

    wait_until("the worker finds the new partitions", lambda: position() == applied)
    wait_until("and so does the archive", lambda: world.psql(
        "SELECT count(*) >= " + str(applied) + " FROM history.pay") == "t")
    for process in (service.process, archive):
        process.send_signal(signal.SIGTERM)
        check_equal("it ends as asked", 0, process.wait(30))
    check_equal("the archive has every event of 7 partitions once", f"7|{applied}|{applied}",
                world.psql("SELECT count(DISTINCT log_partition), count(*), "
                           "count(DISTINCT (log_partition, log_offset)) FROM history.pay"))
    streamed, built = world.path("streamed"), world.path("built")
    world.run("materialize", "--online", "--store", built, *CLOCK)
    for each in (streamed, built):
        world.run("serve", "--until-end", "--port", "0", "--store", each, *CLOCK)
    check_equal("the store that was served has the bytes of one that read 7 partitions at once",
                state(world, streamed), state(world, store))
    check_equal("and so has one built from the archive", state(world, streamed),
                state(world, built))


if __name__ == "__main__":
    main("partitions", test)
