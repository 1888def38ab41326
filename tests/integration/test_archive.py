#!/usr/bin/env python3
"""nowthen archive keeps every accepted event once, with its position, whatever is killed; and an
online store built from what it kept goes on in the stream where the archive ends."""

import json
import random
import signal
import time

from world import World, check, check_equal, main, wait_until

EVENTS = 9000
FIRST = 4000  # archived before the others are published
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text, shop int4, amount float8 CHECK (amount < 1000), fee numeric(6, 2),
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@pay', format 'json', event_time 'at');
CREATE FOREIGN TABLE visits (
  shop int4 NOT NULL, at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@pay', format 'json', event_time 'at', history 'kept.visits');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) FILTER (WHERE at > now() - interval '1 hour') AS n_1h,
       sum(amount) AS spent, sum(fee) AS fees, last(shop, at) AS last_shop
FROM pay WHERE at > now() - interval '30 days' GROUP BY account;
CREATE MATERIALIZED VIEW shop AS SELECT shop, count(*) AS n, max(at) AS latest
FROM visits GROUP BY shop;
CREATE FOREIGN TABLE ask (account text, shop int4) SERVER request;
CREATE VIEW model AS SELECT a.n_1h, a.spent, a.last_shop, s.n, s.latest
FROM ask q LEFT JOIN account a USING (account) LEFT JOIN shop s USING (shop);
"""
CLOCK = ("--clock", "event", "--set", "store.past_reads_s=0")
FAST = ("--set", "worker.commit_events=100")


def event_make(draw, number):
    """Of five months, late and early; one in fifty is rejected by pay, one in three by visits."""
    seconds = number * 1400 - draw.randrange(5000)
    return json.dumps({
        "account": draw.choice([None, "giant", f"a{draw.randrange(300)}"]),
        "shop": draw.choice([None, 1, 2]),
        "amount": 5000 if draw.randrange(50) == 0 else round(draw.uniform(-9, 99), 2),
        "fee": draw.choice([None, "0.005", "12.5"]),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_704_067_200 + seconds))}) + "\n"


def state(world, store):
    said = world.inspect(store)
    return said["row"], said["tile"]


def kept(world, table="history.pay"):
    """(rows, different positions, a digest of all of it)"""
    return world.psql(
        f"SELECT count(*), count(DISTINCT (log_partition, log_offset)), "
        f"md5(string_agg(t::text, ';' ORDER BY log_partition, log_offset)) FROM {table} t")


def whole(world, events):
    """What the tables must hold: what is accepted, each once."""
    pay = sum(json.loads(event)["amount"] < 1000 for event in events)
    visits = sum(json.loads(event)["shop"] is not None for event in events)
    for table, count in (("history.pay", pay), ("kept.visits", visits)):
        rows, positions, _ = kept(world, table).split("|")
        check_equal(f"{table} has every accepted event once", [str(count)] * 2, [rows, positions])


def shape(world):
    check_equal("a month, a partition; and one for the rest",
                [f"pay_2024_{month:02d}" for month in range(1, 6)] + ["pay_rest"],
                [name for name in world.psql(
                    "SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid "
                    "WHERE inhparent = 'history.pay'::regclass ORDER BY 1").splitlines()
                 if name != "pay_2023_12"])
    check_equal("with a BRIN index on event time", "brin|at",
                world.psql("SELECT amname, attname FROM pg_index i JOIN pg_class c ON c.oid = "
                           "indexrelid JOIN pg_am a ON a.oid = c.relam JOIN pg_attribute b ON "
                           "b.attrelid = c.oid WHERE indrelid = 'history.pay'::regclass"))


def said_in(world, log):
    with open(world.path(log), encoding="utf-8") as file:
        return file.read()


def killed(world, draw, undisturbed):
    """Kill -9 within commits: the same rows, each once."""
    world.psql("DROP TABLE history.pay, kept.visits; DROP TABLE nowthen.archive")
    kills = 0
    for _ in range(12):
        process = world.start("archive", *FAST, log="archive.log")
        time.sleep(draw.uniform(0.15, 0.5))
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
    world.run("archive", "--until-end", *FAST)
    check_equal(f"killed {kills} times, the archive is the undisturbed one", undisturbed,
                (kept(world), kept(world, "kept.visits")))


def second(world, more):
    """Two at a time: the one that finds the positions elsewhere ends, and none is doubled."""
    first = world.start("archive", log="two.log")
    wait_until("the first archive is at the end", lambda: "caught up" in said_in(world, "two.log"))
    first.send_signal(signal.SIGSTOP)
    world.run("publish", "pay", world.write("more.jsonl", "".join(more[:300])))
    world.run("archive", "--until-end")
    world.run("publish", "pay", world.write("more.jsonl", "".join(more[300:])))
    first.send_signal(signal.SIGCONT)
    check_equal("an archive that another has overtaken ends", 5, first.wait(60))
    check("and says why", "let one run at a time" in said_in(world, "two.log"),
          said_in(world, "two.log"))
    process = world.start("archive", log="three.log")
    wait_until("the archive is at the end", lambda: "caught up" in said_in(world, "three.log"))
    process.send_signal(signal.SIGTERM)
    check_equal("Ctrl-C ends it with what it read committed", 0, process.wait(30))


def handed_over(world, events, more):
    store, streamed = world.path("built"), world.path("streamed")
    said = world.run("materialize", "--online", "--store", store, *CLOCK).stdout
    check("the store built from the archive needs no boundary", "with positions" in said, said)
    world.run("publish", "pay", world.write("rest.jsonl", "".join(more)))
    for each in (store, streamed):
        world.run("serve", "--until-end", "--port", "0", "--store", each, *CLOCK)
    check_equal("archive, build, serve: the bytes of a store that was streamed",
                state(world, streamed), state(world, store))
    names = ("counter accepted", "counter applied", "counter handed_over")
    got, expected = world.inspect(store), world.inspect(streamed)
    check_equal("no event was passed over, or counted twice", [expected[name] for name in names[1:]],
                [got[name] for name in names[1:]])
    world.run("archive", "--until-end")
    whole(world, events + more)


def judged(world):
    """It is history like any other: training from it equals PostgreSQL's answers over it."""
    world.run("materialize")
    said = world.run("verify", "--draws", 200, "--seed", 1, "--without", "online").stdout
    check("training, materialized tables and PostgreSQL agree over the archive",
          "200" in said, said)


def refused(world):
    world.psql("ALTER TABLE history.pay RENAME TO aside; "
               "CREATE TABLE history.pay AS SELECT account, shop, amount, fee, at FROM history.aside")
    world.fails("a history without positions is not archived into", ["archive", "--until-end"], 2,
                "history", "log_partition", "rename this one")
    world.psql("DROP TABLE history.pay; ALTER TABLE history.aside RENAME TO pay")
    world.fails("nor is an archive imported into", ["import", "pay", world.path("rest.jsonl")], 2,
                "log_partition")


def moved(world, definitions):
    """Offsets of one topic say nothing about another."""
    world.run("apply", world.write("moved.sql", DEFINITIONS.replace("@", world.name + "_moved_")))
    for command in (["archive", "--until-end"],
                    ["materialize", "--online", "--store", world.path("moved"), *CLOCK]):
        world.fails(f"{command[0]} does not take the offsets of the topic before for this one's",
                    command, 5, "_moved_", "history 'schema.table'")
    world.run("apply", "--no-topics", definitions)


def own_table(world):
    """A table of one's own with the columns does as well, and goes on behind what it holds."""
    before = kept(world)
    world.psql("ALTER TABLE history.pay RENAME TO aside; "
               "CREATE TABLE history.pay AS SELECT * FROM history.aside WHERE log_offset < 500; "
               "DELETE FROM nowthen.archive")
    world.run("archive", "--until-end")
    check_equal("a plain table with positions is filled up behind them", before, kept(world))
    world.psql("DROP TABLE history.pay; ALTER TABLE history.aside RENAME TO pay")


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"archive: seed {seed}")
    draw = random.Random(seed)
    world.topic("pay")
    definitions = world.write("definitions.sql", DEFINITIONS.replace("@", world.name + "_"))
    events = [event_make(draw, number) for number in range(EVENTS)]
    world.topic("twice_pay")
    said = world.run("apply", world.write("twice.sql", DEFINITIONS.replace(
        "@", world.name + "_twice_"))).stdout
    check_equal("a topic that two sources read is made once", 1, said.count("+ topic"))
    world.run("apply", "--no-topics", definitions)
    first = world.write("first.jsonl", "".join(events[:FIRST]))
    world.run("publish", "pay", first, "--key", "account", "--partitions", "3")
    said = world.run("archive", "--until-end").stdout
    check("it says what it kept", f"{FIRST} messages read" in said, said)
    whole(world, events[:FIRST])
    rest = world.write("then.jsonl", "".join(events[FIRST:]))
    world.run("publish", "pay", rest, "--key", "account")
    world.run("archive", "--until-end", *FAST)
    whole(world, events)
    shape(world)
    undisturbed = kept(world), kept(world, "kept.visits")
    said = world.run("archive", "--until-end").stdout
    check("at the end of the log there is nothing to do", "0 events archived" in said, said)
    killed(world, draw, undisturbed)
    more = [event_make(draw, number) for number in range(EVENTS, EVENTS + 2000)]
    second(world, more[:1000])
    events += more[:1000]
    whole(world, events)
    handed_over(world, events, more[1000:])
    judged(world)
    refused(world)
    moved(world, definitions)
    own_table(world)


if __name__ == "__main__":
    main("archive", test)
