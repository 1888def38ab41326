#!/usr/bin/env python3
"""Erasure: nothing of the entity is left in store, tables and history, all else is to the byte what
it would be without its events, and neither a replay nor the archive brings it back."""

import json
import pathlib
import random

from world import World, check, check_equal, main, wait_until

EVENTS, MANY = 2000, 150_000
GONE = "a'7 é"
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, shop int4, amount float8 CHECK (amount < 1000), at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) AS n, sum(amount) AS spent, last(shop, at) AS last_shop
FROM pay GROUP BY account;
CREATE MATERIALIZED VIEW pair AS
SELECT shop, account, count(*) AS n FROM pay GROUP BY shop, account;
CREATE MATERIALIZED VIEW large AS
SELECT amount > 50 AS is_large, count(*) AS n
FROM pay GROUP BY amount > 50;
CREATE FOREIGN TABLE question (account text) SERVER request;
CREATE VIEW risk AS
SELECT q.account, a.n, a.spent, a.last_shop FROM question q LEFT JOIN account a USING (account);
"""


def events_make(draw):
    for _ in range(EVENTS):
        yield json.dumps({
            "account": GONE if draw.random() < 0.2 else f"a{draw.randrange(30)}",
            "shop": draw.choice([None, 1, 2]), "amount": round(draw.uniform(0, 99), 2),
            "at": f"2024-01-{draw.randrange(1, 8):02d}T{draw.randrange(24):02d}:"
                  f"{draw.randrange(60):02d}:00Z"}) + "\n"


def served_until(world, total):
    service = world.serve("--clock", "event").ready_wait()
    name = next(each for each in service.metrics() if "kafka_position" in each)
    wait_until("the events are not applied", lambda: service.metrics()[name] == total)
    return service


def status_of(service, account):
    status, answer = service.features({"account": [account]}, features=["account:n"])
    check_equal("a lookup is answered", 200, status)
    return answer["results"][1]["statuses"][0]


def digests(world, store):
    return {name: value for name, value in world.inspect(store).items() if "digest" in value}


def offline(world, view):
    return world.psql(f"SELECT t::text FROM nowthen.{view} t ORDER BY 1")


def records_of_view(world, store):
    """Row and tile records whose view has an entity a0 alone in its key: the view account."""
    said = world.run("inspect", "--dump", "--store", store).stdout
    rows = [line for line in said.splitlines() if line.startswith(("row ", "tile "))]
    key = "a0".encode().hex() + "0000"
    views = {line.split()[1][:16] for line in rows if line.split()[1][16:] == key}
    check_equal("one view is keyed by account alone", 1, len(views))
    return [line for line in rows if line.split()[1][:16] in views]


def without_registry(world):
    """serve --program honours the notes as well, and does not start without knowing them."""
    program, store = world.path("program"), world.path("replayed_again")
    world.run("compile", world.path("definitions.sql"), "-o", program)
    arguments = ["serve", "--program", program, "--port", "0", "--clock", "event", "--until-end",
                 "--store", store]
    world.fails("serve --program asks for the notes, and refuses when nobody answers", arguments,
                6, "which entities were erased", "--no-erasures",
                environment={"NOWTHEN_DATABASE": "postgresql://127.0.0.1:1/nobody"})
    world.run(*arguments)
    world.fails("it does not bring the entity back either", [
        "inspect", "--view", "account", "--key", f"account={GONE}", "--store", store], 3,
        "no such entity")


def archive_running(world, erase):
    """It read its list of erasures before."""
    archive = world.start("archive", log="archive.log")
    wait_until("the archive has not begun", lambda: "reading partition" in pathlib.Path(
        world.path("archive.log")).read_text(encoding="utf-8"))
    world.run(*erase)
    world.run("publish", "pay", world.write("later.jsonl", json.dumps(
        {"account": "a1", "shop": 1, "amount": 3, "at": "2024-01-09T00:00:00Z"}) + "\n"))
    check_equal("an archive that runs while an entity is erased ends", 5, archive.wait(30))
    check("and says why", "an entity was erased" in pathlib.Path(
        world.path("archive.log")).read_text(encoding="utf-8"))
    world.run("archive", "--until-end")


def key_is_cast(world):
    """A table of one's own may hold more than the source's column lets through."""
    text = f"""
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE sale (price numeric(6,2), at timestamptz NOT NULL)
SERVER events OPTIONS (topic '{world.topic("sale")}', format 'json', event_time 'at',
                       history 'public.mine');
CREATE MATERIALIZED VIEW priced AS SELECT price, count(*) AS n FROM sale GROUP BY price;
"""
    world.psql("CREATE TABLE public.mine (price numeric, at timestamptz); INSERT INTO public.mine "
               "VALUES (1.001, '2024-01-01'), (1.00, '2024-01-02'), (2, '2024-01-03')")
    world.run("apply", world.write("sale.sql", text))
    said = world.run("erase", "priced", "price=1.00", "--store", world.path("none")).stdout
    check("events whose column casts to the key are erased too", "2 events of the history" in said
          and world.psql("SELECT price FROM public.mine") == "2", said)


def service_behind(world):
    """A store that is being read anew, while the archive has it all."""
    world.topic("many_pay")
    definitions = DEFINITIONS.replace("@", world.name + "_many_pay")
    world.run("apply", world.write("many.sql", definitions))
    world.run("publish", "pay", world.write("many.jsonl", "".join(
        json.dumps({"account": f"b{i % 2}", "amount": i % 100,
                    "at": f"2024-01-09T{i % 24:02d}:{i % 60:02d}:00Z"}) + "\n"
        for i in range(MANY))), "--partitions", "1")
    world.psql("TRUNCATE history.pay; DELETE FROM nowthen.archive")
    world.run("archive", "--until-end")
    world.environment["NOWTHEN_STORE_PATH"] = world.path("behind")
    service = world.serve("--clock", "event", "--set", "worker.commit_events=1")
    wait_until("the service does not listen",
               pathlib.Path(world.path("behind"), "control").exists, pause_s=0.001)
    world.run("erase", "account", "account=b1")
    served = service.ready_wait()
    check_equal("a worker that is behind the archive does not bring an erased entity back",
                "NOT_FOUND", status_of(served, "b1"))
    check_equal("and loses nothing of the others", "PRESENT", status_of(served, "b0"))
    check_equal("it is stopped", 0, service.stop())
    said = world.run("inspect", "--view", "account", "--key", "account=b0").stdout
    check("all of it", f"events held: {MANY // 2}" in said, said)


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"erase: seed {seed}")
    lines = list(events_make(random.Random(seed)))
    world.run("apply", world.write("definitions.sql",
                                   DEFINITIONS.replace("@", world.topic("pay"))))
    world.run("publish", "pay", world.write("events.jsonl", "".join(lines)))
    service = served_until(world, EVENTS)
    world.run("archive", "--until-end")
    world.run("materialize")
    erase = ["erase", "account", f"account={GONE}"]
    world.fails("a key that is an expression is refused",
                ["erase", "large", "is_large=true"], 2, "is an expression")
    check_equal("the service knows the entity", "PRESENT", status_of(service, GONE))
    world.fails("a key with a column twice is refused, not cut to its last value",
                [*erase, "account=a1"], 2, '"account" is given twice')
    said = world.run(*erase).stdout
    check_equal("a running service forgets it at once", "NOT_FOUND", status_of(service, GONE))
    check_equal("and serves the others", "PRESENT", status_of(service, "a1"))
    check_equal("it is stopped", 0, service.stop())
    gone = sum(json.loads(each)["account"] == GONE for each in lines)
    check("it says what it erased and what it could not reach",
          f"{gone} events of the history" in said and "view pair has counted" in said
          and "view large has counted" in said and ".dlq" in said and "backups" in said, said)
    world.fails("the entity has no timeline", [
        "inspect", "--view", "account", "--key", f"account={GONE}"], 3, "no such entity")
    check("nor rows, nor events", world.psql(
        "SELECT (SELECT count(*) FROM nowthen.account WHERE account = $$" + GONE + "$$) + "
        "(SELECT count(*) FROM history.pay WHERE account = $$" + GONE + "$$)") == "0")
    check("nor its key in the note", GONE not in world.psql("SELECT e::text FROM nowthen.erased e"))
    check_equal("the store is sound", True, " 0 faults" in world.run("check").stdout)
    store = world.environment["NOWTHEN_STORE_PATH"]
    after = digests(world, store)
    rows = offline(world, "account")

    world.run("materialize", "--online", "--clock", "event", "--store", world.path("rebuilt"))
    replayed = world.path("replayed")
    world.environment["NOWTHEN_STORE_PATH"] = replayed
    check_equal("a replay from the beginning is stopped", 0, served_until(world, EVENTS).stop())
    world.fails("it has not brought the entity back", [
        "inspect", "--view", "account", "--key", f"account={GONE}"], 3, "no such entity")
    check_equal("it is the store that history makes, in every view",
                digests(world, world.path("rebuilt")), digests(world, replayed))
    fresh = records_of_view(world, replayed)
    without_registry(world)
    world.environment["NOWTHEN_STORE_PATH"] = store
    check_equal("and the erased view's bytes are those of a store that never knew it",
                fresh, records_of_view(world, store))
    check("of the others, the erased store still counts the events, as it said",
          after != digests(world, replayed))

    world.psql("TRUNCATE history.pay; DELETE FROM nowthen.archive")
    world.run("archive", "--until-end")
    check_equal("an archive from the beginning leaves it out", str(EVENTS - gone),
                world.psql("SELECT count(*) FROM history.pay"))
    world.run("materialize")
    check_equal("and the offline table is what was left", rows, offline(world, "account"))
    world.run("verify", "--draws", "300", "--without", "online")
    check("which is PostgreSQL's answer too", True)

    world.run("publish", "pay", world.write("new.jsonl", json.dumps(
        {"account": GONE, "shop": 1, "amount": 3, "at": "2024-01-09T00:00:00Z"}) + "\n"))
    check_equal("it is stopped", 0, served_until(world, EVENTS + 1).stop())
    said = world.run("inspect", "--view", "account", "--key", f"account={GONE}").stdout
    check("a new event of it, after the erasure, counts", "events held: 1" in said, said)
    check("erasing it twice is fine", "1 records" in world.run(*erase).stdout)
    archive_running(world, erase)
    service_behind(world)
    key_is_cast(world)


if __name__ == "__main__":
    main("erase", test)
