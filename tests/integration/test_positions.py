#!/usr/bin/env python3
"""An event is its topic, partition and offset: nowthen import --positions gives those that publish
of the same file gives."""

import json

from world import World, check_equal, main

DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text, amount float8 CHECK (amount < 1000), at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) AS n, sum(amount) AS spent FROM pay GROUP BY account;
"""
OFFSETS = "SELECT string_agg(amount || '@' || log_partition || ':' || log_offset, ' ' " \
          "ORDER BY log_partition, log_offset) FROM history.pay"


def event(number):
    return json.dumps({"account": f"a{number % 3}", "amount": number,
                       "at": f"2024-01-01T00:00:{number:02d}Z"}) + "\n"


def lines(*numbers):
    return "".join(event(number) for number in numbers)


def offsets(*numbers, partition=0, first=0):
    return " ".join(f"{number}@{partition}:{first + number}" for number in numbers)


def as_published(world):
    """Blank lines, a dead letter and one that is no JSON: all that publish sends has an offset."""
    text = lines(0, 1) + "\n \t\n" + event(2).replace(": 2,", ": 5000,") + "{\n\n" + lines(4, 5)
    mixed = world.write("mixed.jsonl", text)
    world.run("publish", "pay", mixed, "--partitions", "1")
    world.run("archive", "--until-end")
    kept = world.psql(OFFSETS)
    check_equal("the archive knows the offsets", offsets(0, 1, 4, 5), kept)
    world.psql("DROP TABLE history.pay; DROP TABLE nowthen.archive")
    world.run("import", "pay", mixed, "--positions", "0:0")
    check_equal("import gives the offsets that publish gave", kept, world.psql(OFFSETS))
    table = 'account,amount,at\n\n"a\n""0",0,2024-01-01Z\na1,1,2024-01-01Z\n\na2,2000,2024-01-01Z\n' \
            "a0,3,2024-01-01Z\n"
    world.run("import", "pay", world.write("events.csv", table), "--replace", "--positions", "2:7")
    check_equal("header, blank lines and line breaks within quotes of a CSV have no offset",
                offsets(0, 1, 3, partition=2, first=7), world.psql(OFFSETS))


def test(world: World):
    definitions = world.write("definitions.sql", DEFINITIONS.replace("@", world.topic("pay")))
    world.run("apply", "--no-topics", definitions)
    as_published(world)


if __name__ == "__main__":
    main("positions", test)
