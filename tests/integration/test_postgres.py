#!/usr/bin/env python3
"""PostgreSQL killed and restarted under what writes and reads it: an archive waits and goes on, a
backfill ends clearly and goes on where it was, a table is replaced as a whole or not at all."""

import json
import os
import random
import signal
import subprocess
import time

from world import ROOT, World, check, check_equal, main, wait_until

EVENTS = 8000
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, amount float8, at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) FILTER (WHERE at > now() - interval '1 hour') AS n_1h,
       sum(amount) AS spent FROM pay WHERE at > now() - interval '3 days' GROUP BY account;
"""
CLOCK = ("--clock", "event", "--set", "store.past_reads_s=0")
DIGEST = "SELECT count(*), md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {} t"


class Postgres:
    """A server of the test's own, in directory."""

    def __init__(self, directory):
        self.directory = directory
        self.conninfo = self.call("up")

    def call(self, what):
        return subprocess.run(["sh", str(ROOT / "tests/support/postgres.sh"), what, self.directory],
                              check=True, capture_output=True, text=True).stdout.strip()

    def kill(self):
        """At once: what was not committed is gone."""
        pid_file = os.path.join(self.directory, "data/postmaster.pid")
        with open(pid_file, encoding="utf-8") as file:
            postmaster = int(file.readline())
        os.kill(postmaster, signal.SIGQUIT)
        wait_until("PostgreSQL ends", lambda: not os.path.exists(pid_file) or
                   not os.path.exists(f"/proc/{postmaster}"))

    def restart(self, draw):
        self.kill()
        time.sleep(draw.uniform(0, 0.3))
        self.call("up")


def said_in(world, log):
    with open(world.path(log), encoding="utf-8") as file:
        return file.read()


def wait_connected(world):
    wait_until("it is connected", lambda: world.psql(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
        "AND pid <> pg_backend_pid()") != "0")


def archive(world, server, draw):
    process = world.start("archive", "--set", "worker.commit_events=50", log="archive.log")
    wait_until("the archive reads", lambda: "archiving" in said_in(world, "archive.log"))
    for _ in range(4):
        time.sleep(draw.uniform(0.1, 0.5))
        server.restart(draw)
    wait_until("the archive is at the end", lambda: "caught up" in said_in(world, "archive.log"))
    server.restart(draw)  # while it has nothing to do
    world.run("publish", "pay", world.write("last.jsonl", json.dumps(
        {"account": "last", "amount": 1, "at": "2024-01-01T00:00:00Z"}) + "\n"))
    wait_until("the last event is there", lambda: world.psql(
        "SELECT count(*) FROM history.pay WHERE account = 'last'") == "1")
    process.send_signal(signal.SIGTERM)
    check_equal("an archive lives through PostgreSQL killed five times", 0, process.wait(30))
    check_equal("and keeps every event once", [str(EVENTS + 1)] * 2, world.psql(
        "SELECT count(*), count(DISTINCT (log_partition, log_offset)) FROM history.pay").split("|"))


def backfill(world, server, draw):
    arguments = ("materialize", "--online", *CLOCK, "--store")
    whole, killed = world.path("whole"), world.path("killed")
    world.run(*arguments, whole)
    kills = 0
    while True:
        began = time.monotonic()
        process = world.start(*arguments, killed, "--throttle", EVENTS // 3, log="build.log")
        if kills < 3:
            wait_connected(world)
            time.sleep(draw.uniform(0.2, 0.8))
            server.restart(draw)
            kills += 1
            check_equal("a build whose PostgreSQL is killed ends as unavailable", 6,
                        process.wait(60))
            continue
        check_equal("the same command goes on, and comes to its end", 0, process.wait(60))
        break
    check("at the rate that --throttle allows", time.monotonic() - began > 2.9, began)
    for store in (whole, killed):
        world.run("serve", "--until-end", "--port", "0", "--store", store, *CLOCK)
    expected, got = world.inspect(whole), world.inspect(killed)
    check_equal("with the bytes of an undisturbed build", (expected["row"], expected["tile"]),
                (got["row"], got["tile"]))
    check_equal("and its counters", *[{name: value for name, value in each.items()
                                       if name.startswith("counter")} for each in (expected, got)])


def tables(world, server, draw):
    world.run("materialize")
    before = world.psql(DIGEST.format("nowthen.account"))
    process = world.start("materialize", log="tables.log")
    time.sleep(draw.uniform(0, 0.15))
    server.restart(draw)
    code = process.wait(60)
    check("a materialize whose PostgreSQL is killed ends as unavailable, or was done",
          code in (0, 6), said_in(world, "tables.log"))
    check_equal("and the table is as it was", before, world.psql(DIGEST.format("nowthen.account")))
    world.run("materialize")
    check_equal("the next one replaces it", before, world.psql(DIGEST.format("nowthen.account")))


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"postgres: seed {seed}")
    draw = random.Random(seed)
    world.scratch.chmod(0o755)  # the server runs as another user
    server = Postgres(world.path("postgres"))
    ours = world.database
    try:
        world.database = world.environment["NOWTHEN_DATABASE"] = server.conninfo
        events = [json.dumps({"account": f"a{draw.randrange(2000)}", "amount": draw.randrange(99),
                              "at": f"2024-01-{1 + at // 2000:02d}T{at // 100 % 20:02d}:00:00Z"})
                  for at in range(EVENTS)]
        world.run("apply", world.write("definitions.sql",
                                       DEFINITIONS.replace("@", world.topic("pay"))))
        world.run("publish", "pay", world.write("events.jsonl", "\n".join(events) + "\n"))
        archive(world, server, draw)
        backfill(world, server, draw)
        tables(world, server, draw)
    finally:
        world.database = ours
        server.call("down")


if __name__ == "__main__":
    main("postgres", test)
