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


def mixed_up(world):
    """Rows with a position beside rows without one."""
    old, new = world.write("old.jsonl", lines(0, 1)), world.write("new.jsonl", lines(2, 3, 4))
    store = world.path("mixed")
    world.run("import", "pay", old, "--replace")
    world.psql("ALTER TABLE history.pay DROP log_partition, DROP log_offset")
    world.fails("a file with positions is not imported into a history without",
                ["import", "pay", new, "--positions", "0:2"], 2, "source pay",
                '2 of the 2 rows of "history"."pay"', "log_partition", "import --replace")
    world.run("materialize", "--online", "--store", world.path("old"), "--handover-at",
              "2024-01-01 00:00:09+00")
    world.run("import", "pay", new, "--replace", "--positions", "0:2")
    world.fails("nor a file without positions into a history with them", ["import", "pay", old], 2,
                "source pay", '3 rows of "history"."pay"', "log_partition", "--positions")
    check_equal("and what was refused left nothing", offsets(2, 3, 4), world.psql(OFFSETS))
    world.psql("INSERT INTO history.pay VALUES ('a', 9, '2024-01-01')")
    refusal = ("source pay", '1 of the 4 rows of "history"."pay"', "log_offset", "import --replace")
    world.fails("a store is not built of a history that has both",
                ["materialize", "--online", "--store", store], 2, *refusal)
    world.fails("nor does an archive begin in it", ["archive", "--until-end"], 2, *refusal)
    world.run("import", "pay", old, "--replace")
    check_equal("--replace makes it one without", "2|0", world.psql(
        "SELECT count(*), count(log_offset) FROM history.pay"))


def test(world: World):
    definitions = world.write("definitions.sql", DEFINITIONS.replace("@", world.topic("pay")))
    world.run("apply", "--no-topics", definitions)
    as_published(world)
    mixed_up(world)


if __name__ == "__main__":
    main("positions", test)
