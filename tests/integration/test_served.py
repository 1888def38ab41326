#!/usr/bin/env python3
"""As served: what past lookups were told is recomputed from history and the commit log, to the bit,
late events, restarts and all."""

import csv
import datetime
import io
import json
import random
import time
import urllib.request

from world import World, check, check_equal, main, wait_until

ROUNDS, EVENTS, ACCOUNTS = 12, 150, 12
OUTPUTS = ["n", "n_1h", "spent", "last_shop", "idle", "family_n"]
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, shop int4, amount float8 CHECK (amount < 1000), at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) AS n, count(*) FILTER (WHERE at > now() - interval '1 hour') AS n_1h,
       sum(amount) AS spent, last(shop, at) AS last_shop, now() - max(at) AS idle
FROM pay GROUP BY account;
CREATE MATERIALIZED VIEW family AS
SELECT CASE WHEN account > 'a4' THEN 'a4' ELSE account END AS family, count(*) AS family_n
FROM pay GROUP BY CASE WHEN account > 'a4' THEN 'a4' ELSE account END;
CREATE FOREIGN TABLE question (account text) SERVER request;
CREATE VIEW risk AS
SELECT q.account, a.n, a.n_1h, a.spent, a.last_shop, a.idle, f.family_n
FROM question q LEFT JOIN account a USING (account) LEFT JOIN family f ON f.family = q.account;
"""


def events_make(draw, base):
    """One in four is hours late, one in ten is of the future, one in twenty is rejected."""
    for _ in range(EVENTS):
        late = draw.uniform(0, 3 * 3600) if draw.random() < 0.25 else draw.uniform(0, 2)
        late = -draw.uniform(0, 3) if draw.random() < 0.1 else late
        at = base - datetime.timedelta(seconds=late)
        yield json.dumps({
            "account": f"a{draw.randrange(ACCOUNTS)}", "shop": draw.choice([None, 1, 2, 3]),
            "amount": 5000 if draw.random() < 0.05 else round(draw.uniform(-9, 99), 2),
            "at": at.isoformat()}) + "\n"


def lookup_record(service, account, rows):
    request = urllib.request.Request(
        service.address() + "/get-online-features",
        json.dumps({"feature_service": "risk", "entities": {"account": [account]}}).encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        document = json.loads(answer.read())
        values = dict(zip(document["metadata"]["feature_names"],
                          (each["values"][0] for each in document["results"])))
        rows.append([account, answer.headers["X-Nowthen-As-Of"],
                     answer.headers["X-Nowthen-Commit"],
                     *("" if values[name] is None else values[name] for name in OUTPUTS)])


def table(header, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def applied_wait(service, total):
    def is_applied():
        metrics = service.metrics()
        return metrics[next(each for each in metrics if "kafka_position" in each)] == total

    wait_until("the events are not applied", is_applied)


def lived_through(world, draw, clock, events):
    """Rounds of publishing and asking, with a restart; (service, the lookups)."""
    rows, published = [], 0
    base = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
    service = world.serve("--clock", clock, "--set", "worker.commit_ms=5").ready_wait()
    for number in range(ROUNDS):
        if clock == "wall":
            base = datetime.datetime.now(datetime.timezone.utc)
        base += datetime.timedelta(minutes=number if clock == "event" else 0)
        lines = list(events_make(draw, base))
        with open(events, "a", encoding="utf-8") as file:
            file.writelines(lines)
        world.run("publish", "pay", world.write("round.jsonl", "".join(lines)))
        published += EVENTS
        while service.metrics()[position_name(service)] < published:
            lookup_record(service, f"a{draw.randrange(ACCOUNTS + 1)}", rows)
        for _ in range(10):
            lookup_record(service, f"a{draw.randrange(ACCOUNTS + 1)}", rows)
        if number == ROUNDS // 2:
            check_equal("it is stopped half way", 0, service.stop())
            service = world.serve("--clock", clock, "--set", "worker.commit_ms=5").ready_wait()
            applied_wait(service, published)
    return service, rows


def position_name(service):
    return next(each for each in service.metrics() if "kafka_position" in each)


def told_again(world, clock, service, rows):
    header = ["account", "event_timestamp", "nowthen_commit", *OUTPUTS]
    records = world.write("records.csv", table(header, rows))
    port = service.address().rsplit(":", 1)[1]
    verify = ["verify", "--as-served", records, "--of", "risk"]
    said = world.run(*verify, "--port", port).stdout
    check(f"every recorded lookup is what history and the commit log say ({len(rows)} of them)",
          f"{len(rows)} lookups" in said and " 0 differences" in said, said)
    if clock == "wall":
        timed = world.write("timed.csv", table([header[0], header[1], *OUTPUTS],
                                               [[each[0], each[1], *each[3:]] for each in rows
                                                if int(each[2]) > 0]))
        said = world.run("verify", "--as-served", timed, "--of", "risk", "--port", port).stdout
        check("and so by the time alone, without the commit's number",
              " 0 differences" in said, said)
    return records, verify


def late_shown(world, rows, port):
    spine = world.write("spine.csv", table(["account", "event_timestamp"],
                                           [each[:2] for each in rows if int(each[2]) > 0]))
    texts = []
    for name, options in (("happened", []), ("served", ["--as-served", "--port", port])):
        world.run("snapshot", "risk", "--spine", spine, "-o", world.path(name), *options)
        with open(world.path(name), encoding="utf-8") as file:
            texts.append(file.read())
    check("what had happened is not what was known: late events tell them apart",
          texts[0] != texts[1] and texts[0].count("\n") == texts[1].count("\n"))
    world.fails("the offline tables cannot tell what was served",
                ["snapshot", "risk", "--spine", spine, "-o", world.path("x"), "--as-served",
                 "--from", "materialized"], 2, "--as-served reads the history")
    return spine


def refused(world, rows, records, verify, service, clock):
    world.fails("a commit log that is asked of nobody is refused with what to do", [
        "verify", "--as-served", records, "--of", "risk", "--port", "1"], 6, "--commits FILE")
    check_equal("it is stopped", 0, service.stop())
    log = world.write("commits.csv", world.run("inspect", "--commits", "--clock", clock).stdout)
    said = world.run(*verify, "--commits", log).stdout
    check("a commit log of nowthen inspect does as well", " 0 differences" in said, said)
    wrong = [list(each) for each in rows]
    row = next(each for each in wrong if each[3] != "")
    row[3] += 1
    header = ["account", "event_timestamp", "nowthen_commit", *OUTPUTS]
    changed = world.write("changed.csv", table(header, wrong))
    done = world.run("verify", "--as-served", changed, "--of", "risk", "--commits", log, code=1)
    check("a record that was changed is found, with line and both values",
          f"risk.n: recorded {row[3]}, as served {row[3] - 1}" in done.stdout, done.stdout)
    early = world.write("early.csv", "account,event_timestamp\na1,2001-01-01Z\n")
    world.fails("a time before the commit log is refused", [
        "snapshot", "risk", "--spine", early, "-o", world.path("x"), "--as-served", "--commits",
        log], 8, "line 2 of the spine", "the commit log begins at")
    late = world.write("late.csv", "account,event_timestamp\na1,2101-01-01Z\n")
    world.fails("so is one after its end", [
        "snapshot", "risk", "--spine", late, "-o", world.path("x"), "--as-served", "--commits",
        log], 2, "the commit log ends at")
    world.psql("UPDATE history.pay SET log_offset = NULL WHERE account = 'a1'")
    world.fails("and a history that does not say where an event was", [
        "snapshot", "risk", "--spine", records_spine(world), "-o", world.path("x"), "--as-served",
        "--commits", log], 2, "without log_partition")
    world.psql("ALTER TABLE history.pay DROP COLUMN log_offset")
    world.fails("or any", [
        "snapshot", "risk", "--spine", records_spine(world), "-o", world.path("x"), "--as-served",
        "--commits", log], 2, "import with --positions")


def archived(world, verify):
    """The history as nowthen archive makes it; as long as that is behind, nothing is answered."""
    log = world.path("commits.csv")
    world.psql("DROP TABLE history.pay")
    world.run("archive", "--until-end")
    said = world.run(*verify, "--commits", log).stdout
    check("an archive gives the same answers", " 0 differences" in said, said)
    world.psql("UPDATE nowthen.archive SET next_offset = next_offset - 1")
    world.fails("one that is behind what was served is refused with what to do",
                [*verify, "--commits", log], 6, "the archive of source pay is behind",
                "nowthen archive --until-end")


def records_spine(world):
    return world.path("spine.csv")


def run_clock(world, draw, clock):
    topic = world.topic(f"pay_{clock}")
    definitions = world.write("definitions.sql", DEFINITIONS.replace("@", topic))
    events = world.path(f"events_{clock}.jsonl")
    world.environment["NOWTHEN_STORE_PATH"] = world.path(f"online_{clock}")
    world.run("apply", definitions)
    service, rows = lived_through(world, draw, clock, events)
    world.run("import", "pay", events, "--replace", "--positions", "0:0")
    if clock == "wall":
        time.sleep(0.01)
    records, verify = told_again(world, clock, service, rows)
    late_shown(world, rows, service.address().rsplit(":", 1)[1])
    refused(world, rows, records, verify, service, clock)
    archived(world, verify)


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"served: seed {seed}")
    draw = random.Random(seed)
    for clock in ("wall", "event"):
        print(f"  -- on the {clock} clock")
        run_clock(world, draw, clock)
        world.psql("DROP TABLE history.pay")


if __name__ == "__main__":
    main("served", test)
