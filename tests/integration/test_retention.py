#!/usr/bin/env python3
"""What has left the log before it was read is missed by name, never in silence."""

import json
import signal

from world import World, admin, check, check_equal, main

EVENTS, GONE = 30, 20
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (account text NOT NULL, amount float8, at timestamptz NOT NULL)
SERVER events OPTIONS (topic '@', format 'json', event_time 'at', history '%');
CREATE MATERIALIZED VIEW # AS SELECT account, count(*) AS n FROM pay GROUP BY account;
"""
CLOCK = ("--clock", "event", "--port", "0")


def applied(world, topic, view, history="history.pay"):
    text = DEFINITIONS.replace("@", topic).replace("#", view).replace("%", history)
    world.run("apply", world.write("definitions.sql", text))


def published(world):
    events = "".join(json.dumps({"account": f"a{i % 3}", "amount": i,
                                 "at": f"2024-01-01T00:00:{i:02d}Z"}) + "\n" for i in range(EVENTS))
    world.run("publish", "pay", world.write("events.jsonl", events), "--partitions", "1")


def trimmed(world, topic):
    host, port = world.brokers.split(",")[0].rsplit(":", 1)
    admin.Broker(host, int(port)).records_delete(topic, 0, GONE)


def begun_empty(world):
    """A log that was opened before there was anything in it."""
    topic = world.topic("empty")
    applied(world, topic, "account")
    store = world.path("empty")
    serve, archive = ["serve", "--until-end", "--store", store, *CLOCK], ["archive", "--until-end"]
    for command in (serve, archive):
        world.run(*command)
    published(world)
    trimmed(world, topic)
    for command in (serve, archive):
        world.fails(f"{command[0]} does not pass over what came after it had opened the topic",
                    command, 5, topic, "no longer has the offset")
    world.run("serve", "--until-end", "--store", world.path("fresh"), *CLOCK)
    check("a store that is new begins where the log does",
          world.inspect(world.path("fresh"))["counter accepted"] == str(EVENTS - GONE))
    applied(world, topic, "account", "history.other")
    said = world.run("archive", "--until-end").stdout
    check("and so does an archive into another history", f"{EVENTS - GONE} events archived" in said,
          said)


def upgraded(world):
    """A version whose values nothing can be compared with."""
    topic = world.topic("kept")
    applied(world, topic, "account")
    published(world)
    world.environment["NOWTHEN_STORE_PATH"] = world.path("kept")
    service = world.serve("--clock", "event").ready_wait()
    trimmed(world, topic)
    applied(world, topic, "renamed")
    world.fails("a view that would have lost events by being renamed is not swapped in",
                ["upgrade"], 1, "renamed.n is new", f"{topic}/0 begins at offset {GONE}",
                "materialize --online")
    check("unless that is accepted",
          "no feature in common" in world.run("upgrade", "--accept-differences").stdout)
    check_equal("it is stopped", 0, service.stop(signal.SIGTERM))


def test(world: World):
    begun_empty(world)
    upgraded(world)


if __name__ == "__main__":
    main("retention", test)
