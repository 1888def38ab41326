#!/usr/bin/env python3
"""A broker that goes away, politely or not, and comes back: lookups are answered all the while, and
every event is applied once. The broker is one of this test's own."""

import contextlib
import json
import os
import pathlib
import random
import signal
import socket
import subprocess

from world import ROOT, Failure, World, check, check_equal, main, wait_until

EVENTS = 500
STACK_TIMEOUT_S = 180
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'pay', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS SELECT account, count(*) AS n FROM pay GROUP BY account;
"""


def is_free(port):
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return True
    return False


class Stack:
    """tools/stack on ports of its own, with data of its own."""

    def __init__(self, world):
        self.home = world.path("stack")
        base = next(port for port in (random.randrange(20_000, 30_000) for _ in range(100))
                    if all(is_free(port + i) for i in range(3)))
        self.brokers = f"127.0.0.1:{base}"
        self.environment = {**world.environment, "NOWTHEN_HOME": self.home,
                            "NOWTHEN_KAFKA_PORT": str(base),
                            "NOWTHEN_POSTGRES_PORT": str(base + 2)}
        del self.environment["TMPDIR"]
        # Kafka's jars are fetched once, not for each home.
        home = pathlib.Path(os.environ.get("NOWTHEN_HOME", ROOT / ".nowthen"))
        if (home / "kafka/lib/.pom.sha256").exists():
            os.makedirs(os.path.join(self.home, "kafka"))
            os.symlink(home / "kafka/lib", os.path.join(self.home, "kafka/lib"))

    def run(self, *arguments):
        done = subprocess.run([ROOT / "tools/stack", *arguments], env=self.environment, check=False,
                              capture_output=True, text=True, timeout=STACK_TIMEOUT_S)
        if done.returncode != 0:
            raise Failure(f"tools/stack {' '.join(arguments)}:\n{done.stdout}{done.stderr}")

    def broker_stop(self, how):
        with open(os.path.join(self.home, "run/kafka.pid"), encoding="utf-8") as file:
            pid = int(file.readline())
        os.kill(pid, how)
        wait_until("the broker does not end", lambda: not os.path.exists(f"/proc/{pid}"))


def counted(service):
    _, answer = service.features({"account": [f"a{i}" for i in range(10)]}, features=["account:n"])
    return sum(value or 0 for value in answer["results"][-1]["values"])


def restarted(world, stack, service, events, before, how):
    stack.broker_stop(how)
    wait_until("readyz does not say that the broker is away",
               lambda: service.ask("/readyz")[0] == 503, timeout_s=30)
    check("readyz says 503 and names the broker", stack.brokers in service.ask("/readyz")[1],
          service.ask("/readyz")[1])
    check_equal("livez says 200, and lookups are answered", (200, before),
                (service.ask("/livez")[0], counted(service)))
    stack.run("up")
    wait_until("serve is not ready again", lambda: service.ask("/readyz")[0] == 200)
    check_equal("the broker is back: ready again, and no event was applied twice", before,
                counted(service))
    world.run("publish", "pay", events)
    wait_until("new events are not applied", lambda: counted(service) >= before + EVENTS)
    check_equal("new events are applied once", before + EVENTS, counted(service))


def test(world: World):
    stack = Stack(world)
    world.environment["NOWTHEN_KAFKA_BROKERS"] = stack.brokers
    try:
        stack.run("up")
        events = world.write("events.jsonl", "".join(
            json.dumps({"account": f"a{i % 10}", "at": "2024-01-01T00:00:00Z"}) + "\n"
            for i in range(EVENTS)))
        world.run("apply", world.write("definitions.sql", DEFINITIONS))
        world.run("publish", "pay", events)
        service = world.serve("--clock", "event").ready_wait()
        check_equal("all events are in the features", EVENTS, counted(service))
        print("  the broker is stopped", flush=True)
        restarted(world, stack, service, events, EVENTS, signal.SIGTERM)
        print("  the broker is killed", flush=True)
        restarted(world, stack, service, events, 2 * EVENTS, signal.SIGKILL)
        accepted = service.metrics()['nowthen_events_total{result="accepted"}']
        check_equal("the counters say the same", 3 * EVENTS, accepted)
        check_equal("SIGTERM ends serve with 0", 0, service.stop())
    finally:
        stack.run("down", "--reset")


if __name__ == "__main__":
    main("broker_restart", test)
