#!/usr/bin/env python3
"""An event is its topic, partition and offset: nowthen import --positions gives those that publish
of the same file gives, a history has each once, and all its rows have one or none."""

import contextlib
import json
import subprocess

from world import World, check, check_equal, main, wait_until

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


def imported(world, *arguments):
    return world.run("import", "pay", *arguments).stdout.splitlines()[-1]


def once(world):
    """Rows that are there, by import or by an archive, are not there again."""
    first, more = world.write("first.jsonl", lines(0, 1, 2)), world.write("more.jsonl", lines(1, 2, 3))
    world.psql("DROP TABLE history.pay")
    check_equal("a file is imported", "pay: 3 rows, 0 of them there already",
                imported(world, first, "--positions", "0:0"))
    check_equal("and imported again it is nothing", "pay: 3 rows, 3 of them there already",
                imported(world, first, "--positions", "0:0"))
    check_equal("of one that overlaps with it the rest is imported",
                "pay: 3 rows, 2 of them there already", imported(world, more, "--positions", "0:1"))
    check_equal("and each is there once", offsets(0, 1, 2, 3), world.psql(OFFSETS))
    check_equal("the same offset of another partition is another event",
                "pay: 3 rows, 0 of them there already",
                imported(world, more, "--positions", "1:1"))
    check_equal("a history that is emptied first has none of them",
                "pay: 3 rows, 0 of them there already",
                imported(world, first, "--positions", "0:0", "--replace"))


@contextlib.contextmanager
def held(world, *statements):
    """The history's table is locked as an import locks it; the statements are its rows."""
    with subprocess.Popen(["psql", "-X", "-q", world.database], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, text=True) as holder:
        holder.stdin.write("BEGIN; LOCK TABLE history.pay IN SHARE ROW EXCLUSIVE MODE;"
                           f"{';'.join(statements)};\nSELECT pg_advisory_lock(1);\n")
        holder.stdin.flush()
        wait_until("the table is locked", lambda: world.psql(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "1")
        yield
        holder.stdin.write("COMMIT;\n")


def wait_for_waiting(world, count):
    wait_until(f"{count} wait for the table", lambda: world.psql(
        "SELECT count(*) FROM pg_locks WHERE relation = 'history.pay'::regclass AND NOT granted"
    ) == str(count))


def at_once(world):
    """Imports of the same events that all wait for the same lock."""
    world.psql("TRUNCATE history.pay")
    with held(world):
        imports = [world.start("import", "pay", world.path("first.jsonl"), "--positions", "0:0")
                   for _ in range(3)]
        wait_for_waiting(world, 3)
    check_equal("imports at once all come through", [0] * 3, [each.wait(60) for each in imports])
    check_equal("and give each event once", offsets(0, 1, 2), world.psql(OFFSETS))


def archive_begins(world):
    """An archive that began while an import was under way has not seen its rows."""
    world.psql("TRUNCATE history.pay")
    with held(world, "INSERT INTO history.pay VALUES ('a0', 0, '2024-01-01', 0, 0)"):
        archive = world.start("archive", "--until-end", log="begins.log")
        wait_for_waiting(world, 1)
    check_equal("an archive whose history is imported into as it begins ends", 5, archive.wait(60))
    with open(world.path("begins.log"), encoding="utf-8") as log:
        check("and says what to do", "start it again" in log.read())
    world.run("archive", "--until-end")
    check_equal("the next one goes on behind what was imported", offsets(0, 1, 4, 5),
                world.psql(OFFSETS))
    world.psql("DROP TABLE nowthen.archive")


def beside_archive(world):
    """In the tables of an archive, which are partitioned by month."""
    world.psql("DROP TABLE history.pay")
    world.run("archive", "--until-end")
    kept, path = world.psql(OFFSETS), world.path("mixed.jsonl")
    check_equal("what an archive kept is not imported again",
                "pay: 4 rows, 4 of them there already", imported(world, path, "--positions", "0:0"))
    world.psql("DELETE FROM history.pay WHERE log_offset IN (1, 4)")
    check_equal("what it lost is imported", "pay: 4 rows, 2 of them there already",
                imported(world, path, "--positions", "0:0"))
    check_equal("to where it was", kept, world.psql(OFFSETS))
    world.run("publish", "pay", world.write("next.jsonl", lines(6, 7)))
    behind = ["import", "pay", world.path("next.jsonl"), "--positions", "0:6"]
    world.fails("events that the archive has yet to bring are not imported before it", behind, 2,
                "reaches to before offset 8 of partition 0", "source pay", "at offset 6",
                "archive --until-end")
    world.run("archive", "--until-end")
    world.run(*behind)
    check_equal("and are there once behind it", kept + " " + offsets(6, 7), world.psql(OFFSETS))
    world.psql("DROP TABLE history.pay; DROP TABLE nowthen.archive")


def mixed_up(world):
    """Rows with a position beside rows without one."""
    old, new = world.write("old.jsonl", lines(0, 1)), world.write("new.jsonl", lines(2, 3, 4))
    store = world.path("mixed")
    world.run("import", "pay", old)
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
    once(world)
    at_once(world)
    archive_begins(world)
    beside_archive(world)
    mixed_up(world)


if __name__ == "__main__":
    main("positions", test)
