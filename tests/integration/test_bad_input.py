#!/usr/bin/env python3
"""What is wrong is refused by name: the thing, its value and what to do, one exit code for each kind.

Definitions, options, settings, events, spines and requests; servers that are away; stores and
programs that are damaged, held or of other definitions.
"""

import json
import os
import shutil
import socket
import time

from world import World, check, check_equal, main, wait_until

DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, amount float8, at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) AS n, sum(amount) AS spent FROM pay GROUP BY account;
CREATE FOREIGN TABLE question (account text, price float8) SERVER request;
CREATE VIEW risk AS
SELECT q.account, a.n, q.price / a.spent AS share
FROM question q LEFT JOIN account a USING (account);
"""
EVENT = '{"account": "a", "amount": 1, "at": "2024-01-01T10:00:00Z"}\n'
NOWHERE = "127.0.0.1:1"
SPINE = "account,price,event_timestamp\na,1,2024-01-02 00:00:00+00\n"


def definitions_refused(world, good):
    def refused(sentence, text, *fragments):
        file = world.write("bad.sql", text)
        done = world.fails(f"{sentence}: refused at its place", ["compile", file, "-o",
                           world.path("bad")], 2, *fragments)
        check(f"{sentence}: with a caret, and nothing is written", not os.path.exists(
            world.path("bad")) and any(line.strip() == "^" * len(line.strip()) and line.strip()
                                       for line in done.stderr.splitlines()), done.stderr)

    text = open(good, encoding="utf-8").read()
    refused("a statement that SQL has not", text + "CREATE FEATURE x;", "bad.sql:11:")
    refused("a statement that is not for definitions", text + "DROP TABLE pay;", "bad.sql:11:1")
    refused("a function that is not known", text.replace("sum(amount)", "summ(amount)"),
            "bad.sql:6:", "summ")
    refused("a column that is not there", text.replace("sum(amount)", "sum(amont)"),
            "bad.sql:6:", "amont")
    refused("a type that is not known", text.replace("float8, at", "money, at"), "bad.sql:3:",
            "money")
    refused("a source without event_time", text.replace(", event_time 'at'", ""), "event_time")
    refused("a month in a window", text.replace("count(*) AS n", "count(*) FILTER (WHERE at > "
            "now() - interval '1 month') AS n"), "bad.sql:6:", "month")
    world.fails("a definition file that is not there", ["compile", "nowhere.sql", "-o", "x"], 3,
                "nowhere.sql")
    world.fails("bytes that are no text", ["compile", world.write("bytes.sql", b"\x80\xff\0SELECT"),
                "-o", world.path("bad")], 2, "bytes.sql")
    world.fails("no C compiler", ["compile", good, "-o", world.path("bad")], 3, "no-such-cc",
                "set CC", environment={"CC": "no-such-cc"})
    check("and nothing is written", not os.path.exists(world.path("bad")))


def commands_refused(world, good):
    world.fails("an unknown command", ["serv"], 2, '"serv"', "nowthen help")
    world.fails("an unknown option", ["serve", "--prot", "1"], 2, "--prot", "nowthen help serve")
    world.fails("an option without its value", ["serve", "--port"], 2, "--port PORT")
    world.fails("an option before the next one", ["serve", "--brokers", "--until-end"], 2,
                "--brokers HOST:PORT")
    world.fails("a flag with a value", ["apply", good, "--plan=yes"], 2, "--plan takes no value")
    world.fails("an argument too few", ["import", "pay"], 2, "SOURCE FILE")
    world.fails("an argument too many", ["apply", good, "more"], 2, '"more"')
    world.fails("an unknown setting", ["serve", "--set", "serve.prot=1"], 2, "serve.prot",
                "nowthen help config")
    world.fails("a setting without a value", ["serve", "--set", "serve.port"], 2, "KEY=VALUE")
    world.fails("a setting out of its range", ["serve", "--port", "65536"], 2, "serve.port",
                "0 to 65535", "65536")
    world.fails("a setting that is no choice", ["serve", "--clock", "sun"], 2, "wall|event", "sun")
    world.fails("a wrong environment variable", ["inspect"], 2, "NOWTHEN_LOG_LEVEL", "loud",
                environment={"NOWTHEN_LOG_LEVEL": "loud"})
    file = world.write("bad.conf", "serve.port = 1\nserve.host 0.0.0.0\n")
    world.fails("a wrong line of a settings file", ["inspect", "--config", file], 2, "bad.conf:2",
                "key = value")
    world.fails("a settings file that is not there", ["inspect", "--config", "no.conf"], 3,
                "no.conf")
    for arguments, fragment in (
            (("verify", "--draws", "many"), "many"), (("verify", "--seed", "-1"), "-1"),
            (("verify", "--without", "kafka"), "kafka"),
            (("materialize", "--from", "soon"), "--from"),
            (("materialize", "--from", "2024-01-02", "--to", "2024-01-01"), "--to"),
            (("snapshot", "risk"), "--spine"),
            (("snapshot", "risk", "--spine", "x", "-o", "y", "--from", "air"), "air"),
            (("get", "risk", "account"), "COLUMN=VALUE"),
            (("get", "risk", "account=a", "account=b"), '"account" is given twice')):
        world.fails(f"{' '.join(arguments)}: refused before anything is done", arguments, 2, fragment)


def files_refused(world, good, events):
    def evaluate(sentence, code, *fragments, of="account", at=("--at", "2024-01-02T00:00:00Z"),
                 source=f"pay={events}"):
        return world.fails(sentence, ["eval", good, "--events", source, "--of", of, *at], code,
                           *fragments)

    evaluate("events that are not there", 3, "no.jsonl", source="pay=no.jsonl")
    evaluate("events of no source", 3, '"play"', source=f"play={events}")
    evaluate("--events without a source", 2, events, source=events)
    evaluate("no such view or service", 3, '"acount"', "account", of="acount")
    evaluate("a time that is no time", 2, "noon", at=("--at", "noon"))
    evaluate("a key of another column", 2, '"acc"', at=("--at", "2024-01-02", "--key", "acc=a"))
    evaluate("a key with a column twice", 2, '"account" is given twice',
             at=("--at", "2024-01-02", "--key", "account=a", "--key", "account=b"))
    evaluate("a request value of another type", 2, "price", of="risk",
             at=("--at", "2024-01-02", "--key", "account=a", "--key", "price=much"))

    def spine(sentence, text, code, *fragments):
        evaluate(f"a spine {sentence}", code, *fragments, of="risk",
                 at=("--spine", world.write("spine.csv", text)))
    spine("without a request column", "account,event_timestamp\n", 2, "spine.csv:1", '"price"')
    spine("without event_timestamp", "account,price\n", 2, "spine.csv:1", '"event_timestamp"')
    spine("that is empty", "", 2, "spine.csv", "empty")
    spine("with a bad time", SPINE + "a,1,noon\n", 2, "spine.csv:3", "noon")
    spine("with no time", SPINE + "a,1,\n", 2, "spine.csv:3", "event_timestamp")
    spine("with text for a number", SPINE + "a,x,2024-01-02\n", 2, "spine.csv:3", "price")
    spine("with a short line", SPINE + "a,1\n", 2, "spine.csv:3")
    spine("with a quote that never ends", SPINE + '"a,1,2024-01-02\n', 2, "spine.csv:3", "quote")
    spine("with a feature's name", "share," + SPINE, 2, '"share"')
    evaluate("a spine that is a directory", 7, "directory", at=("--spine", str(world.scratch)))
    evaluate("events that are a directory", 7, "directory", source=f"pay={world.scratch}")
    evaluate("a spine that is not there", 3, "no.csv", at=("--spine", "no.csv"))

    lines = world.write("lines.jsonl", EVENT + "{broken\n" + '{"account": 1, "amount": "x", "at": 2}\n')
    done = world.run("eval", good, "--events", f"pay={lines}", "--of", "account", "--at", "2024-01-02")
    check("bad events are told with file, line and reason, good ones are used",
          "lines.jsonl:2: rejected" in done.stderr and "lines.jsonl:3: rejected" in done.stderr
          and "a,1,1\n" in done.stdout, done.stderr + done.stdout)


def servers_away(world, good, events):
    away = "postgresql://nowthen@127.0.0.1:1/nowthen"
    for command in (("apply", good), ("import", "pay", events), ("materialize",), ("verify",),
                    ("serve", "--port", "0"), ("snapshot", "risk", "--spine", events, "-o", "x"),
                    ("publish", "pay", events)):
        world.fails(f"{command[0]} without a PostgreSQL", [*command, "--database", away], 6,
                    "cannot reach PostgreSQL at 127.0.0.1 port 1", "start it")
    world.fails("a database that is not there", ["apply", good, "--database",
                world.database + "_not"], 3, world.name + "_not", "createdb")
    world.fails("a user that is not there", ["apply", good, "--database",
                world.database.replace("nowthen@", "nobody_here@")], 2, "nobody_here")
    world.fails("a conninfo that is none", ["apply", good, "--database", "hots=db"], 2,
                '"hots"')
    world.fails("import before apply", ["import", "pay", events], 3, "nowthen apply")
    begun = time.monotonic()
    world.fails("apply without a broker", ["apply", good, "--brokers", NOWHERE], 6, NOWHERE)
    check("says so within 20 s", time.monotonic() - begun < 20, time.monotonic() - begun)
    world.fails("and registers nothing", ["materialize"], 3, "nowthen apply")
    names_taken(world, good)
    world.run("apply", good)
    world.fails("publish without a broker", ["publish", "pay", events, "--brokers", NOWHERE], 6,
                NOWHERE)
    world.fails("get without a service", ["get", "risk", "account=a", "price=1", "--port", "1"], 6,
                "127.0.0.1:1", "nowthen serve")
    world.fails("verify of an empty history", ["verify"], 3, "nowthen import pay")


def names_taken(world, good):
    text = open(good, encoding="utf-8").read()
    for table in ("archive", "erased", "object", "program"):
        file = world.write("taken.sql", text.replace("VIEW account", f"VIEW {table}").replace(
            "JOIN account a", f"JOIN {table} a"))
        world.fails(f"a view of the name of Nowthen's table {table}", ["apply", file], 2,
                    f"cannot be named {table}", "another name")


def names_refused(world, events):
    world.fails("import into no source", ["import", "play", events], 3, '"play"')
    world.fails("import of no file", ["import", "pay", "no.jsonl"], 3, "no.jsonl")
    done = world.fails("publish of no file", ["publish", "pay", "no.jsonl"], 3, "no.jsonl")
    check_equal("which does not count what it published", "", done.stdout)
    world.fails("publish with no partition", ["publish", "pay", events, "--partitions", "0"], 2,
                "--partitions")
    world.fails("publish with a key in no JSON", ["publish", "pay", world.write("x", "{no\n"),
                "--key", "account"], 2, "x:1", "JSON")
    world.fails("materialize of no view", ["materialize", "acount"], 3, '"acount"')
    spine = world.write("spine.csv", SPINE)
    world.fails("snapshot of no service", ["snapshot", "rusk", "--spine", spine, "-o",
                world.path("out.csv")], 3, '"rusk"', "risk")
    world.fails("import of a CSV without a column", ["import", "pay", world.write(
                "short.csv", "account,amount\na,1\n")], 2, "short.csv:1", '"at"')
    world.run("import", "pay", events)
    world.psql("ALTER TABLE history.pay DROP COLUMN amount")
    cure = 'ALTER TABLE "history"."pay" ADD COLUMN "amount" double precision'
    world.fails("import into a history without a column of the source", ["import", "pay", events], 2,
                "source pay", cure)
    world.fails("materialize from it", ["materialize"], 2, "source pay", cure)
    world.fails("verify of it", ["verify"], 2, "source pay", cure)
    world.psql("DROP TABLE history.pay")
    world.run("archive", "--until-end")
    world.psql("ALTER TABLE history.pay DROP COLUMN amount")
    world.fails("an archive into it", ["archive", "--until-end"], 2, "source pay", cure)
    world.psql(cure)
    world.run("archive", "--until-end")
    world.psql("DROP TABLE history.pay, nowthen.archive")


def requests_refused(world, service):
    def refused(sentence, code, fragment, document):
        status, body = service.ask("/get-online-features", document)
        check(sentence, (status, fragment in body) == (code, True), f"{status} {body}")
    refused("a request without entities: 400", 400, "entities", {"feature_service": "risk"})
    refused("columns of two lengths: 400", 400, "same number", {
        "feature_service": "risk", "entities": {"account": ["a"], "price": [1, 2]}})
    refused("a value of another type: 400 and the column", 400, "price", {
        "feature_service": "risk", "entities": {"account": ["a"], "price": ["much"]}})
    refused("no such service: 404", 404, "rusk", {
        "feature_service": "rusk", "entities": {"account": ["a"]}})
    refused("no such feature: 404", 404, "spend", {
        "features": ["account:spend"], "entities": {"account": ["a"]}})
    refused("as_of no time: 400", 400, "noon", {"feature_service": "risk", "as_of": "noon",
            "entities": {"account": ["a"], "price": [1]}})
    refused("no document: 400", 400, "", "text")
    check_equal("no such page: 404", 404, service.ask("/features")[0])
    check_equal("the wrong method: 405", 405, service.ask("/metrics", {})[0])


def programs_refused(world, good):
    world.run("compile", good, "-o", world.path("program"))
    damaged = shutil.copytree(world.path("program"), world.path("damaged"))
    with open(os.path.join(damaged, "program.so"), "r+b") as file:
        file.seek(4000)
        file.write(b"\xff\xff\xff\xff")
    world.fails("a program whose bytes were changed", ["serve", "--program", damaged], 4,
                "program.so", "damaged")
    manifest = os.path.join(shutil.copytree(world.path("program"), world.path("other")),
                            "manifest.json")
    document = json.load(open(manifest, encoding="utf-8"))
    document["fingerprint"] = "0" * 32
    with open(manifest, "w", encoding="utf-8") as file:
        file.write(json.dumps(document, indent=0))
    world.fails("a program of another fingerprint than its manifest's", ["serve", "--program",
                world.path("other")], 5, "0" * 32, "again")
    world.write("other/manifest.json", "{")
    world.fails("a manifest that is cut", ["serve", "--program", world.path("other")], 4,
                "manifest.json")
    world.fails("a directory without a program", ["serve", "--program", str(world.scratch)], 3,
                "manifest.json")
    (cached,) = os.listdir(world.path("programs"))
    world.write(f"programs/{cached}/program.so", "damaged")
    world.run("publish", "pay", world.write("none.jsonl", ""))
    check("a damaged program in the cache is fetched again from the registry",
          os.path.getsize(world.path(f"programs/{cached}/program.so")) > 1000)


def stores_refused(world, service):
    store = ("--store", world.path("online"))
    check_equal("serve runs", 200, service.ready_wait().ask("/health")[0])
    world.fails("a store that another process has open", ["serve", "--port", "0", *store], 6,
                "another process has it open", world.path("online"))
    world.fails("inspect of it", ["inspect", *store], 6, "another process has it open")
    port = service.address().rsplit(":", 1)[1]
    done = world.fails("a port that is taken", ["serve", "--port", port, "--store",
                       world.path("second")], 6, port,
                       "choose another port")
    check("in a line that is not said twice", done.stderr.count("nowthen serve:") == 1, done.stderr)
    service.stop()
    world.fails("inspect of a store that is not there", ["inspect", "--store",
                world.path("nowhere")], 3, "nowhere")
    check("and it makes none", not os.path.exists(world.path("nowhere")))
    world.fails("a store that is a file", ["serve", "--port", "0", "--store",
                world.write("file", "x")], 7, world.path("file"))
    world.write("online/CURRENT", "MANIFEST-999999\n")
    world.fails("a store that is damaged", ["serve", "--port", "0", *store], 4, world.path("online"),
                "replay the log")


def broker_away(world):
    service = world.serve("--brokers", NOWHERE, "--store", world.path("lonely"))
    wait_until("readyz does not name the broker",
               lambda: NOWHERE in service.ask("/readyz")[1], timeout_s=20)
    check_equal("serve without a broker lives, is not ready and names the broker", (200, 503),
                (service.ask("/livez")[0], service.ask("/readyz")[0]))
    check_equal("lookups of what the store holds are answered", 200, service.features(
        {"account": ["a"], "price": [1]}, feature_service="risk")[0])
    check_equal("SIGTERM ends it with 0", 0, service.stop())
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        world.fails("a broker that never answers", ["apply", world.path("definitions.sql"),
                    "--brokers", address], 6, address)


def test(world: World):
    text = DEFINITIONS.replace("@", world.topic("pay")).lstrip()
    good, events = world.write("definitions.sql", text), world.write("events.jsonl", EVENT)
    definitions_refused(world, good)
    commands_refused(world, good)
    files_refused(world, good, events)
    servers_away(world, good, events)
    names_refused(world, events)
    programs_refused(world, good)
    service = world.serve().ready_wait()
    requests_refused(world, service)
    stores_refused(world, service)
    broker_away(world)


if __name__ == "__main__":
    main("bad_input", test)
