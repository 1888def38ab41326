#!/usr/bin/env python3
"""Inspect, check, backup and restore, as an operator uses them; and a store whose files are damaged."""

import json
import os
import pathlib
import random
import shutil

from world import World, check, check_equal, main, wait_until

EVENTS = 4000
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, shop int4, amount float8, at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) AS n, sum(amount) FILTER (WHERE at > now() - interval '1 hour') AS spent_1h
FROM pay GROUP BY account;
"""


def events_make(draw, count):
    for _ in range(count):
        account = "busy" if draw.random() < 0.5 else f"a{draw.randrange(200)}"
        yield json.dumps({
            "account": account, "shop": draw.randrange(9), "amount": round(draw.uniform(0, 9), 2),
            "at": f"2024-01-01T{draw.randrange(24):02d}:{draw.randrange(60):02d}:"
                  f"{draw.randrange(60):02d}Z"}) + "\n"


def served_until(world, total):
    service = world.serve("--clock", "event").ready_wait()
    name = next(each for each in service.metrics() if "kafka_position" in each)
    wait_until("the events are not applied", lambda: service.metrics()[name] == total)
    return service


def digests(world, store):
    return {name: value for name, value in world.inspect(store).items() if "digest" in value}


def inspected(world):
    said = world.run("inspect", "--view", "account", "--key", "account=one").stdout
    check_equal("a timeline is printed event by event", [
        "newest event ever: 2024-01-01 10:00:00+00", "events held: 2",
        "argument_1 double precision: read by sum", "event_time,argument_1",
        "2024-01-01 09:00:00+00,1.5", "2024-01-01 10:00:00+00,"],
        [each for each in said.splitlines() if not each.startswith("evicted")])
    world.fails("an entity that is not there is said to be", [
        "inspect", "--view", "account", "--key", "account=nobody"], 3, "no such entity")
    world.fails("a key that is not whole is refused", [
        "inspect", "--view", "account"], 2, "--key account=VALUE")


def backed_up(world, draw, service):
    backup = world.path("backup")
    while_served = world.path("while_served")
    world.run("backup", while_served)
    world.fails("a running service makes a backup, not over another",
                ["backup", while_served], 2, "is there already")
    nowhere = world.path("nowhere/backup")
    world.fails("nor where no directory is", ["backup", nowhere], 3, nowhere, "No such file")
    check_equal("it is stopped", 0, service.stop())
    check_equal("and the backup is the store as it was", digests(
        world, world.environment["NOWTHEN_STORE_PATH"]), digests(world, while_served))
    inspected(world)
    store = world.environment["NOWTHEN_STORE_PATH"]
    before = world.inspect(store)
    check("a backup is made", backup in world.run("backup", backup).stdout)
    world.fails("not over another", ["backup", backup], 2, "is there already")
    world.fails("nor where no directory is", ["backup", nowhere], 3, nowhere, "No such file")
    world.fails("nor is one restored there", ["restore", backup, "--store", nowhere], 3, nowhere)
    world.run("publish", "pay", world.write("more.jsonl", "".join(events_make(draw, 500))))
    check_equal("it is stopped again", 0, served_until(world, EVENTS + 502).stop())
    after = world.inspect(store)
    check("the store has gone on and the backup has not",
          after != before and world.inspect(backup) == before)
    said = world.run("check", "--store", backup).stdout
    check("the backup is checked and has no faults", " 0 faults" in said, said)
    world.fails("restore does not overwrite a store", ["restore", backup], 2, "move it away")
    shutil.move(store, world.path("broken"))
    world.run("restore", backup)
    check_equal("it is what the backup was", before, world.inspect(store))
    check_equal("it is stopped", 0, served_until(world, EVENTS + 502).stop())
    check("after the log is read on it is the store that was never lost",
          digests(world, store) == {name: value for name, value in after.items()
                                    if "digest" in value})
    return store


def tables(store):
    return sorted(pathlib.Path(store).glob("*.sst"), key=os.path.getsize)


def answer_of(service, account):
    status, answer = service.features({"account": [account]}, features=["account:n", "account:spent_1h"])
    return status, answer["results"] if status == 200 else answer


def damaged_while_served(world, store):
    """Blocks of every table are changed under the service that has them open."""
    service = world.serve("--clock", "event").ready_wait()
    right = {f"a{i}": answer_of(service, f"a{i}") for i in range(200)}
    check_equal("it is stopped", 0, service.stop())
    kept = world.path("kept")
    shutil.copytree(store, kept, symlinks=True, ignore=shutil.ignore_patterns("control"))
    service = world.serve("--clock", "event").ready_wait()
    for table in tables(store):
        data = bytearray(table.read_bytes())
        for at in range(0, len(data) * 3 // 4, 4096):
            data[at] ^= 1
        with open(table, "r+b") as file:
            file.write(data)
    found = {account: answer_of(service, account) for account in right}
    wrong = [each for account, each in found.items() if each[0] == 200 and each != right[account]]
    check_equal("no lookup is answered from a damaged block", [], wrong)
    refused = [each for each in found.values() if each[0] != 200]
    check("those that meet one are refused with what to do", refused and all(
        status == 500 and "Corruption" in text and "restore" in text for status, text in refused),
        found)
    check("and the process lives", service.ask("/livez")[0] == 200)
    service.process.kill()
    service.process.wait()
    shutil.rmtree(store)
    shutil.move(kept, store)


def damaged(world, store):
    world.run("inspect")  # opening writes the log into files
    largest = tables(store)[-1]
    data = bytearray(largest.read_bytes())
    data[len(data) // 3] ^= 1
    largest.write_bytes(data)
    world.fails("a flipped bit is found by the check", ["check"], 4, "restore")
    largest.write_bytes(data[:len(data) // 2])
    world.fails("a file that was cut off as well", ["check"], 4, "restore")
    world.fails("and the service does not start on it",
                ["serve", "--port", "0"], 4, "Corruption", "restore")


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"durability: seed {seed}")
    draw = random.Random(seed)
    world.run("apply", world.write("definitions.sql",
                                   DEFINITIONS.replace("@", world.topic("pay"))))
    one = ['{"account": "one", "amount": 1.5, "at": "2024-01-01T09:00:00Z"}\n',
           '{"account": "one", "at": "2024-01-01T10:00:00Z"}\n']
    world.run("publish", "pay",
              world.write("events.jsonl", "".join([*events_make(draw, EVENTS), *one])))
    store = backed_up(world, draw, served_until(world, EVENTS + 2))
    damaged_while_served(world, store)
    damaged(world, store)


if __name__ == "__main__":
    main("durability", test)
