#!/usr/bin/env python3
"""The whole way of the data as a user goes it, command by command, with what each one promises."""

import csv
import io
import json
import pathlib
import random
import subprocess

import metrics_text
from world import World, check, check_equal, main, wait_until

EVENTS = 3000
EVICTED_AT = "2024-01-02T00:00:00Z"
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, shop int4, amount float8 CHECK (amount < 1000), at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) FILTER (WHERE at > now() - interval '1 hour') AS n_1h,
       sum(amount) AS spent, last(shop, at) AS last_shop, now() - max(at) AS idle
FROM pay WHERE at > now() - interval '3 days' GROUP BY account;
CREATE MATERIALIZED VIEW pair AS
SELECT account, shop, count(*) AS visits, avg(amount) AS mean
FROM pay GROUP BY account, shop;
CREATE FOREIGN TABLE question (account text, shop int4, price float8) SERVER request;
CREATE VIEW risk AS
SELECT q.account, a.n_1h, a.spent, a.last_shop, a.idle, p.visits,
       q.price / nullif(p.mean, 0) AS relative, q.price > a.spent AS is_large
FROM question q LEFT JOIN account a USING (account) LEFT JOIN pair p USING (account, shop);
"""


def events_make(draw, count, first_day, days):
    for _ in range(count):
        at = draw.randrange(days * 86_400)
        yield json.dumps({
            "account": f"a{draw.randrange(40)}", "shop": draw.choice([None, 1, 2, 3]),
            "amount": draw.choice([None, round(draw.uniform(-9, 99), 2)]),
            "at": f"2024-01-{first_day + at // 86_400:02d}T{at // 3600 % 24:02d}:"
                  f"{at // 60 % 60:02d}:{at % 60:02d}Z"}) + "\n"


def spine_make(draw):
    rows = [["account", "shop", "price", "label", "event_timestamp"]]
    for _ in range(500):
        rows.append([f"a{draw.randrange(45)}", draw.choice(["", 1, 2, 3]),
                     round(draw.uniform(0, 99), 1), "x,y", f"2024-01-{draw.randrange(1, 16):02d} "
                     f"{draw.randrange(24):02d}:{draw.randrange(60):02d}:00+00"])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def applied(world, definitions):
    tables = "SELECT count(*) FROM pg_namespace WHERE nspname = 'nowthen'"
    plan = world.run("apply", definitions, "--plan").stdout
    check("apply --plan names every source, view, service and topic",
          all(f"+ {each}" in plan for each in
              ("source pay", "view account", "view pair", "service risk", "topic")), plan)
    check_equal("and makes nothing", "0", world.psql(tables))
    check_equal("apply does what the plan said", plan.replace("would be made", "made"),
                world.run("apply", definitions).stdout.rpartition("version")[0])
    check_equal("apply a second time: nothing to change", "nothing to change",
                world.run("apply", definitions).stdout.splitlines()[0])


def history_made(world, events):
    said = world.run("import", "pay", events).stdout
    check_equal("import counts what it took",
                f"pay: {EVENTS} events read, {EVENTS} imported, 0 rejected\n", said)
    world.run("import", "pay", events, "--replace")
    check_equal("import --replace leaves no event twice", str(EVENTS),
                world.psql("SELECT count(*) FROM history.pay"))
    world.run("materialize")
    inside = "valid_from >= '2024-01-03Z' AND valid_from < '2024-01-10Z'"
    digest = "SELECT md5(string_agg({}, '|' ORDER BY account, valid_from)) FROM nowthen.account a {}"
    rows = world.psql(digest.format("a::text", ""))
    others = world.psql(digest.format("xmin::text", f"WHERE NOT ({inside})"))
    world.psql(f"DELETE FROM nowthen.account WHERE {inside} AND account < 'a2'")
    world.psql(f"UPDATE nowthen.account SET n_1h = n_1h + 1 WHERE {inside}")
    world.run("materialize", "account", "--from", "2024-01-03T00:00:00Z", "--to",
              "2024-01-10T00:00:00Z")
    check_equal("materialize --from --to replaces the rows of its range", rows,
                world.psql(digest.format("a::text", "")))
    check_equal("and no other", others,
                world.psql(digest.format("xmin::text", f"WHERE NOT ({inside})")))


def training_set_checked(world, definitions, events, spine):
    texts = []
    for name, source in (("history", "history"), ("tables", "materialized")):
        world.run("snapshot", "risk", "--spine", spine, "-o", world.path(name), "--from", source)
        with open(world.path(name), encoding="utf-8") as file:
            texts.append(file.read())
    texts.append(world.run("eval", definitions, "--events", f"pay={events}", "--of", "risk",
                           "--spine", spine).stdout)
    check_equal("a training set has a line for each of the spine's", 501, texts[0].count("\n"))
    check_equal("snapshot from history is snapshot from the tables", texts[0], texts[1])
    check_equal("and is what eval says of the same file", texts[0], texts[2])


def way_is_made(service):
    """Who reads the log is nicer than who answers: a lookup has the core first."""
    niceness = {}
    for stat in pathlib.Path(f"/proc/{service.process.pid}/task").glob("*/stat"):
        try:
            text = stat.read_text(encoding="utf-8")
        except OSError:  # that thread has ended meanwhile
            continue
        name, _, rest = text.partition("(")[2].rpartition(")")
        niceness.setdefault(name.partition(":")[0], set()).add(int(rest.split()[16]))
    check_equal("all of Kafka's threads have niceness 10", {10}, niceness["rdk"])
    check_equal("and of ours the worker, no other", [0, 10], sorted(niceness["nowthen"]))


def lookups_checked(world, service):
    port = service.address().rsplit(":", 1)[1]
    for path in ("/health", "/livez", "/readyz"):
        check_equal(f"{path} says 200", 200, service.ask(path)[0])
    got = world.run("get", "risk", "account=a7", "shop=2", "price=10.5", "--port", port).stdout
    check("get prints a line for each column: name, value, status",
          "visits" in got and got.count("PRESENT") >= 6, got)
    request = json.dumps({"feature_service": "risk", "entities": {
        "account": ["a1", "nobody", "a2"], "shop": [1, 1, None], "price": [5, 6, 7]}})
    answer = json.loads(subprocess.run(
        ["curl", "-fsS", "-m", "10", service.address() + "/get-online-features", "-d", request],
        check=True, capture_output=True, text=True).stdout)
    names = answer["metadata"]["feature_names"]
    results = dict(zip(names, answer["results"]))
    check_equal("curl gets Feast's shape: metadata.feature_names beside results of lists",
                {"values", "statuses", "event_timestamps"}, set(answer["results"][0]))
    check_equal("a batch of three entities has three of each", [3] * len(names),
                [len(each["values"]) for each in answer["results"]])
    check_equal("one that was never seen is NOT_FOUND, and null", ("NOT_FOUND", None),
                (results["spent"]["statuses"][1], results["spent"]["values"][1]))
    status, listed = service.features({"account": ["a1"]}, features=["account:spent"])
    check_equal("a list of view:feature gives the same value", (200, results["spent"]["values"][0]),
                (status, listed["results"][-1]["values"][0]))
    world.fails("get of a service that is not there says which there are not",
                ["get", "nope", "account=a1", "--port", port], 3, "nope")
    world.fails("get without a column says which", ["get", "risk", "account=a1", "--port", port], 2,
                "shop")


def past_checked(world, service, spine, training):
    with open(spine, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(training, encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    asked = 0
    for row, wanted in zip(rows, expected):
        if row["event_timestamp"] < "2024-01-14" or asked == 20:
            continue
        asked += 1
        entity = {name: [row[name] or None] for name in ("account", "shop", "price")}
        status, answer = service.features(entity, feature_service="risk",
                                          as_of=row["event_timestamp"].replace(" ", "T"))
        values = dict(zip(answer["metadata"]["feature_names"],
                          (each["values"][0] for each in answer["results"])))
        for name in ("n_1h", "spent", "visits"):
            got = "" if values[name] is None else float(values[name])
            want = "" if wanted[name] == "" else float(wanted[name])
            if (status, got) != (200, want):
                check_equal(f"as_of {row}: {name}", (200, want), (status, got))
    check("lookups as_of a spine row's time are the training set's values", asked > 5, asked)
    status, answer = service.features({"account": ["a1"]}, features=["account:spent"],
                                      as_of=EVICTED_AT)
    check("as_of before what is kept: 410 and words, not another value",
          status == 410 and "kept" in json.dumps(answer), f"{status} {answer}")
    port = service.address().rsplit(":", 1)[1]
    world.fails("get says the same and exits with 8",
                ["get", "account:spent", "account=a1", "--as-of", EVICTED_AT, "--port", port], 8)


def verified(world, service):
    port = service.address().rsplit(":", 1)[1]
    verify = ["verify", "--draws", "200", "--seed", "5", "--port", port]
    said = world.run(*verify).stdout
    check("verify: 0 differences", "verify: 0 differences" in said, said)
    world.psql("UPDATE nowthen.account SET spent = 1e9 WHERE present AND account < 'a2'")
    done = world.run(*verify, code=1)
    line = next((each for each in done.stdout.splitlines()
                 if "risk.spent for account=a" in each), "")
    check("verify finds rows that were changed by hand and prints key, T and both values",
          " at 2024-" in line and "history " in line and "materialized 1000000000" in line,
          done.stdout)
    check("and says on stderr how many values differ", "values differ" in done.stderr, done.stderr)
    world.run("materialize", "account")
    check("materialize again, and they agree again",
          "verify: 0 differences" in world.run(*verify).stdout)


def restarted(world, service, arguments, later):
    before = service.metrics()
    check_equal("SIGTERM ends it with 0", 0, service.stop())
    check("and it says so", "stopped" in service.said(), service.said())
    service = world.serve(*arguments).ready_wait()
    after = service.metrics()
    name = next(each for each in after if "kafka_position" in each)
    check_equal("a restart goes on where it stood, and reads no message again",
                (before[name], 0), (after[name], after["nowthen_worker_messages_total"]))
    world.run("publish", "pay", later)
    wait_until("later events are not applied",
               lambda: service.metrics()[name] == EVENTS + 100)
    check_equal("it then takes what is new, once", 100,
                service.metrics()["nowthen_worker_messages_total"])
    return service


def changed(world, definitions, service, arguments):
    with open(definitions, encoding="utf-8") as file:
        text = file.read()
    changed_file = world.write("changed.sql", text.replace("interval '3 days'", "interval '2 days'"))
    said = world.run("apply", changed_file).stdout
    check("apply says that a view changed and that its table is made anew",
          "~ view account: changed" in said and "dropped" in said, said)
    check_equal("its table is empty, that of the other view is as it was", "0|t",
                world.psql("SELECT (SELECT count(*) FROM nowthen.account), "
                           "(SELECT count(*) > 0 FROM nowthen.pair)"))
    check_equal("the running service is not touched by it", 200, service.ask("/readyz")[0])
    check_equal("SIGTERM ends it with 0", 0, service.stop())
    service = world.serve(*arguments).ready_wait()
    check("a restart serves what was served, and says that other definitions are active",
          "other definitions are active: nowthen upgrade" in service.said(), service.said())
    check_equal("it is stopped", 0, service.stop())
    program = world.path("changed")
    world.run("compile", changed_file, "-o", program)
    world.fails("serve refuses a store of other definitions by the view's name",
                ["serve", "--port", "0", "--program", program, *arguments], 5, "view account",
                "another directory", "nowthen upgrade")


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"lifecycle: seed {seed}")
    draw = random.Random(seed)
    definitions = world.write("definitions.sql", DEFINITIONS.replace("@", world.topic("pay")))
    events = world.write("events.jsonl", "".join(events_make(draw, EVENTS, 1, 15)))
    later = world.write("later.jsonl", "".join(events_make(draw, 100, 14, 2)))
    spine = world.write("spine.csv", spine_make(draw))
    arguments = ("--clock", "event", "--set", "store.past_reads_s=172800")

    applied(world, definitions)
    history_made(world, events)
    training_set_checked(world, definitions, events, spine)
    check_equal("publish counts what the broker took",
                f"pay: {EVENTS} events published to topic {world.topic('pay')}\n",
                world.run("publish", "pay", events, "--key", "account").stdout)
    service = world.serve(*arguments).ready_wait()
    way_is_made(service)
    lookups_checked(world, service)
    past_checked(world, service, spine, world.path("history"))
    check_equal("/metrics is the text format of Prometheus", [],
                metrics_text.problems_of(service.ask("/metrics")[1]))
    check_equal("and counts every event", EVENTS,
                service.metrics()['nowthen_events_total{result="accepted"}'])
    verified(world, service)
    service = restarted(world, service, arguments, later)
    changed(world, definitions, service, arguments)


if __name__ == "__main__":
    main("lifecycle", test)
