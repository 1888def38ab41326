"""tools/bench/lookup, once everything is built: its rounds and their ratios.

usage: lookup.py BINARIES HOME [the options of tools/bench/lookup]
"""

import argparse
import os
import shutil
import subprocess
import sys
import threading
import time

import world

PARTITIONS = 4
WARM_S = 0.5  # the worker has found its partitions and is at it
NICENESS = 10  # the worker's, and a backfill's
SPIN = f"import os\nos.nice({NICENESS})\nwhile True: pass"
STATES = ("worker busy", "backfill", "cores spinning", "idle")


def options_of():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("binaries")
    parser.add_argument("home")
    for name, value in (("rounds", 5), ("events", 4000000), ("connections", 4), ("rate", 1000),
                        ("seconds", 4)):
        parser.add_argument(f"--{name}", type=int, default=value)
    return parser.parse_args()


def asked(bench, options, service):
    """p50 and p99 in microseconds."""
    out, _ = world.run([bench.binaries / "bench_lookup", service.port, options.connections,
                        options.rate, options.seconds])
    count, failures, p50, p99, _ = map(int, out.split())
    if failures:
        raise world.Trouble(f"{failures} of {count} lookups failed")
    return p50, p99


class Backfill:
    """Stores built from the history, one after the other, for as long as it is entered."""

    def __init__(self, bench, database):
        self.store = bench.directory / "other"
        self.command = [bench.binaries / "nowthen", "materialize", "--online", "--store", self.store,
                        "--clock", "event", "--database", database]
        self.is_ended, self.trouble = threading.Event(), None
        self.thread = threading.Thread(target=self.build)

    def build(self):
        try:
            while not self.is_ended.is_set():
                shutil.rmtree(self.store, ignore_errors=True)
                world.run(self.command)
        except world.Trouble as trouble:
            self.trouble = trouble

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_ended.set()
        self.thread.join()
        if self.trouble:
            raise self.trouble


class Spinning:
    """Each core has something to do that has nothing to do with lookups, as nice as the worker:
    what the machine alone does to them."""

    def __enter__(self):
        self.processes = [subprocess.Popen([sys.executable, "-c", SPIN])
                          for _ in range(os.cpu_count())]

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()


def round_of(bench, options, program, database):
    """(p50, p99) in each of STATES."""
    with world.Service(bench, program, "event") as service:
        time.sleep(WARM_S)
        busy = asked(bench, options, service)
        if service.is_caught_up():
            raise world.Trouble(f"the worker had read all {options.events} events while it was "
                                "asked: name more --events, or fewer --seconds")
        service.wait(service.is_caught_up)
        idle = asked(bench, options, service)
        with Spinning():
            time.sleep(WARM_S)
            spinning = asked(bench, options, service)
        with Backfill(bench, database):
            time.sleep(WARM_S)
            return busy, asked(bench, options, service), spinning, idle


def bench():
    options = options_of()
    rounds = []
    with world.Bench("lookup", options.binaries, options.home,
                     os.environ["NOWTHEN_KAFKA_BROKERS"]) as place:
        program = place.payments(options.events, PARTITIONS)
        with world.Database(place, os.environ["NOWTHEN_DATABASE"]) as database:
            database.apply()
            database.archive()
            for number in range(options.rounds):
                rounds.append(round_of(place, options, program, database.conninfo))
                print(f"round {number + 1} of {options.rounds}: " + "; ".join(
                    f"{state} p50 {p50} us, p99 {p99} us"
                    for state, (p50, p99) in zip(STATES, rounds[-1])), flush=True)
    print()
    for index, name, goal in ((0, "p50", ""), (1, "p99", " (goal: at most 2)")):
        for state, measured in zip(STATES, zip(*rounds)):
            world.spread(f"lookup {name}, {state}", [both[index] for both in measured], "us")
        for of, to, wanted in ((0, 3, goal), (1, 3, goal), (2, 3, ""), (0, 2, ""), (1, 2, "")):
            world.spread(f"lookup {name}, {STATES[of]} / {STATES[to]}{wanted}",
                         [each[of][index] / each[to][index] for each in rounds], "times")
    return 0


if __name__ == "__main__":
    sys.exit(world.main(bench))
