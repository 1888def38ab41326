#!/usr/bin/env python3
"""Two versions of a definition file under one running service: built beside, compared, swapped and
swapped back while clients ask without a pause; killed in the middle of the build; and refused where
the two stores do not agree."""

import http.client
import json
import pathlib
import random
import signal
import threading
import time
import urllib.parse

from world import World, admin, check, check_equal, main, wait_until

EVENTS = 20000
CLIENTS = 4
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, shop int4, amount float8, at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) AS n, sum(amount) AS spent,
       sum(amount) FILTER (WHERE at > now() - interval '1 hour') AS spent_1h
FROM pay GROUP BY account;
CREATE FOREIGN TABLE question (account text) SERVER request;
CREATE VIEW risk AS
SELECT q.account, a.n, a.spent AS answer FROM question q LEFT JOIN account a USING (account);
"""
# The view has a feature more and one that means another thing; n and spent are what they were.
SECOND = DEFINITIONS.replace(
    "'1 hour') AS spent_1h", "'2 hours') AS spent_1h, count(DISTINCT shop) AS shops").replace(
    "a.spent AS answer", "-a.spent AS answer")
# And a source of a Kafka that is away, so that it is never built.
UNBUILT = SECOND + """
CREATE SERVER away FOREIGN DATA WRAPPER kafka OPTIONS (brokers '127.0.0.1:1');
CREATE FOREIGN TABLE login (
  account text NOT NULL, at timestamptz NOT NULL
) SERVER away OPTIONS (topic 'login', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW logins AS SELECT account, count(*) AS n FROM login GROUP BY account;
"""
# The same views: only the service is another.
THIRD = SECOND.replace("-a.spent AS answer", "a.shops AS answer")


def events_make(draw, count):
    for _ in range(count):
        yield json.dumps({
            "account": f"a{draw.randrange(40)}", "shop": draw.randrange(9),
            "amount": round(draw.uniform(1, 9), 2),
            "at": f"2024-01-01T{draw.randrange(24):02d}:{draw.randrange(60):02d}:00Z"}) + "\n"


class Client(threading.Thread):
    """Asks without a pause on one connection, and keeps what is wrong and which program answered."""

    def __init__(self, address, programs):
        super().__init__(daemon=True)
        self.address = urllib.parse.urlparse(address)
        self.programs = programs  # {fingerprint: sign of the answer}
        self.answered = {}
        self.order = []
        self.wrong = []
        self.ends = threading.Event()

    def is_right(self, program, document):
        names = document["metadata"]["feature_names"]
        values = {name: each["values"] for name, each in zip(names, document["results"])}
        return all(n is not None and self.programs[program](answer)
                   for n, answer in zip(values["n"], values["answer"]))

    def ask(self, connection, body):
        connection.request("POST", "/get-online-features", body)
        answer = connection.getresponse()
        text = answer.read()
        program = answer.headers["X-Nowthen-Program"]
        if answer.status != 200 or not self.is_right(program, json.loads(text)):
            self.wrong.append((answer.status, program, text))
        self.answered[program] = self.answered.get(program, 0) + 1
        if self.order[-1:] != [program]:
            self.order.append(program)

    def run(self):
        body = json.dumps({"feature_service": "risk",
                           "entities": {"account": [f"a{i}" for i in range(40)]}})
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, 10)
        try:
            while not self.ends.is_set():
                self.ask(connection, body)
        except (OSError, http.client.HTTPException, KeyError) as error:
            self.wrong.append(repr(error))
        connection.close()


class Producer(threading.Thread):
    """Publishes a few events again and again, so that there is always something to catch up with."""

    def __init__(self, world, draw):
        super().__init__(daemon=True)
        self.world, self.draw = world, draw
        self.ends = threading.Event()
        self.published = 0

    def run(self):
        while not self.ends.is_set():
            lines = list(events_make(self.draw, 200))
            self.world.run("publish", "pay", self.world.write("more.jsonl", "".join(lines)))
            self.published += len(lines)


def applied(world, name, text):
    """Its fingerprint."""
    said = world.run("apply", world.write(name, text.replace("@", world.topic("pay")))).stdout
    return said.rpartition("program ")[2].strip()


def served_program(service):
    name = next(each for each in service.metrics() if each.startswith("nowthen_info"))
    return name.split('"')[1]


def total(service):
    return next(value for name, value in service.metrics().items() if "kafka_position" in name)


def swapped(world, draw, service, first):
    programs = {first: lambda answer: answer > 0}
    clients = [Client(service.address(), programs) for _ in range(CLIENTS)]
    producer = Producer(world, draw)
    for each in [*clients, producer]:
        each.start()
    second = applied(world, "second.sql", SECOND)
    programs[second] = lambda answer: answer < 0
    said = world.run("upgrade").stdout
    check("the upgrade compares what both versions have, and finds no difference",
          "3 features in common" in said and " 0 values differ" in said, said)
    check_equal("the second version is served", second, served_program(service))
    time.sleep(0.3)
    said = world.run("rollback").stdout
    check_equal("one command goes back", first, served_program(service))
    time.sleep(0.3)
    world.run("rollback")
    check_equal("and forward again", second, served_program(service))
    third = applied(world, "third.sql", THIRD)
    programs[third] = lambda answer: 0 < answer < 10
    begun = time.monotonic()
    said = world.run("upgrade").stdout
    check("where only a service changed, the store is carried over", "5 features in common" in said,
          said)
    print(f"  ({time.monotonic() - begun:.1f} s)")
    time.sleep(0.3)
    for each in [*clients, producer]:
        each.ends.set()
    for each in [*clients, producer]:
        each.join()
    check_equal("no lookup failed, and none was of two versions", [],
                [wrong for each in clients for wrong in each.wrong])
    check_equal("every client saw each version in its turn",
                [[first, second, first, second, third]] * CLIENTS, [each.order for each in clients])
    print(f"  ({sum(sum(each.answered.values()) for each in clients)} lookups)")
    return third, EVENTS + producer.published


def killed(world, service, live, count):
    """kill -9 in the middle of the build: the live version starts again as it was, and the next
    upgrade goes on with what was built."""
    other = applied(world, "fourth.sql", SECOND.replace("'2 hours'", "'3 hours'"))
    store = pathlib.Path(world.environment["NOWTHEN_STORE_PATH"])
    upgrade = world.start("upgrade", log="upgrade.log")
    wait_until("the build has begun", lambda: (store / "versions" / other / "store").exists(),
               pause_s=0.001)
    service.process.kill()
    service.process.wait()
    check("the command says that the service ended", upgrade.wait(30) == 6)
    service = world.serve("--clock", "event").ready_wait()
    check_equal("after kill -9 in the build the live version is served", live,
                served_program(service))
    check("and says that others are active", "nowthen upgrade" in service.said(), service.said())
    wait_until("all is applied", lambda: total(service) == count)
    world.run("upgrade")
    check_equal("the next upgrade is the one that was killed", other, served_program(service))
    versions = sorted(each.name for each in (store / "versions").iterdir())
    check_equal("and two versions are kept", sorted([live, other]), versions)
    return service, other


def digests(world, store):
    return {name: value for name, value in world.inspect(store).items() if "digest" in value}


def compared(world, draw, service, live):
    """A store that was built elsewhere of another history is found out."""
    fifth = applied(world, "fifth.sql", SECOND.replace("'2 hours'", "'4 hours'"))
    history = list(events_make(draw, 300))
    world.run("import", "pay", world.write("history.jsonl", "".join(history)))
    built = world.path("built")
    world.run("materialize", "--online", "--clock", "event", "--store", built,
              "--handover-at", "2024-01-01T12:00:00Z")
    world.fails("a store of another history is not swapped in",
                ["upgrade", "--from", built], 1, "differ", "account.", "nothing was swapped")
    check_equal("the live version is served on", live, served_program(service))
    check("unless that is asked for", "values differ" in
          world.run("upgrade", "--accept-differences").stdout)
    check_equal("then it is", fifth, served_program(service))
    return fifth


def refused(world, service, live):
    check("a program that is served already is not built again",
          "served already" in world.run("upgrade").stdout)
    check_equal("cancelling says that there is nothing to cancel", "no upgrade is under way\n",
                world.run("upgrade", "--cancel").stdout)
    said = world.run("erase", "account", "account=a1").stdout
    check("an erasure says that the version before has the entity, and what to do",
          "nowthen rollback --forget" in said, said)
    world.fails("a second service does not open the store", ["serve", "--port", "0"], 6,
                "another process")
    check_equal("and the first goes on", live, served_program(service))
    check_equal("it is stopped", 0, service.stop())
    world.fails("without a service there is nothing to upgrade", ["upgrade"], 6, "nowthen serve")
    said = world.run("rollback").stdout
    service = world.serve("--clock", "event").ready_wait()
    check("going back without one takes effect at the next start",
          served_program(service) in said and served_program(service) != live)
    world.run("rollback", "--forget")
    world.fails("what was forgotten cannot be gone back to", ["rollback"], 3, "nothing was upgraded")
    for command in (["rollback"], ["rollback", "--forget"]):
        world.fails("where there is no store, that is said",
                    [*command, "--store", world.path("nowhere")], 3, "no online store", "--store")
    check_equal("it is stopped", 0, service.stop())


def partitions_added(world, draw):
    """The new version finds them before the live one does."""
    topic = world.topic("spread")
    world.environment["NOWTHEN_STORE_PATH"] = world.path("spread")

    def publish():
        world.run("publish", "pay", world.write("spread.jsonl", "".join(events_make(draw, 900))))

    world.run("apply", world.write("spread.sql", DEFINITIONS.replace("@", topic)))
    publish()
    service = world.serve("--clock", "event", "--set", "worker.refresh_ms=2000").ready_wait()
    host, port = world.brokers.split(",")[0].rsplit(":", 1)
    admin.Broker(host, int(port)).partitions_set(topic, 9)
    world.run("apply", world.write("spread.sql", SECOND.replace("@", topic)))
    publish()
    said = world.run("upgrade").stdout
    check("both versions have read the partitions that were added before they are compared",
          " 0 values differ" in said, said)
    check_equal("it is stopped", 0, service.stop())


def unbuilt(world):
    """While a version is being built, what would be undone by it is refused."""
    brokers = world.environment.pop("NOWTHEN_KAFKA_BROKERS")  # the definitions name them
    world.environment["NOWTHEN_STORE_PATH"] = world.path("unbuilt")

    def apply(text):
        text = text.replace("localhost:9092", brokers).replace("@", world.topic("pay"))
        world.run("apply", "--no-topics", world.write("unbuilt.sql", text))

    apply(DEFINITIONS)
    service = world.serve("--clock", "event").ready_wait()
    live = served_program(service)
    apply(UNBUILT)
    upgrade = world.start("upgrade", log="unbuilt.log")
    wait_until("the build has begun", lambda: "building" in pathlib.Path(
        world.path("unbuilt.log")).read_text(encoding="utf-8"))
    world.fails("no entity is erased while a version is built that would bring it back",
                ["erase", "account", "account=a1"], 6, "being built", "upgrade --cancel")
    world.fails("nor is the version before forgotten", ["rollback", "--forget"], 6, "under way")
    check_equal("cancelling it is silent", "", world.run("upgrade", "--cancel").stdout)
    check("an upgrade that is cancelled says so", upgrade.wait(30) != 0)
    check_equal("and the live version is served on", live, served_program(service))
    world.run("erase", "account", "account=a1")
    check_equal("it is stopped", 0, service.stop())


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"upgrade: seed {seed}")
    draw = random.Random(seed)
    first = applied(world, "first.sql", DEFINITIONS)
    world.run("publish", "pay",
              world.write("events.jsonl", "".join(events_make(draw, EVENTS))))
    service = world.serve("--clock", "event").ready_wait()
    wait_until("the events are not applied", lambda: total(service) == EVENTS)
    third, count = swapped(world, draw, service, first)
    service, live = killed(world, service, third, count)
    store = world.environment["NOWTHEN_STORE_PATH"]
    check_equal("it is stopped", 0, service.stop(signal.SIGTERM))
    replayed = world.path("replayed")
    check_equal("a store that knows no upgrade reads the same events", 0, world.serve(
        "--clock", "event", "--until-end", "--store", replayed).process.wait(60))
    check_equal("and is the same to the byte as the one that was swapped in",
                digests(world, replayed), digests(world, store))
    check("which has no faults", " 0 faults" in world.run("check").stdout)
    service = world.serve("--clock", "event").ready_wait()
    refused(world, service, compared(world, draw, service, live))
    partitions_added(world, draw)
    unbuilt(world)


if __name__ == "__main__":
    main("upgrade", test)
