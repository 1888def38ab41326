"""tools/bench/soak, once everything is built: events, lookups, and looks at the process.

usage: soak.py BINARIES HOME [the options of tools/bench/soak]
"""

import argparse
import datetime
import http.client
import json
import os
import pathlib
import random
import statistics
import sys
import time
import urllib.request

import world

SEED = 1
VISITORS = 20000
LATE_S = 150  # within the longest window
LOOK_EVERY_S = 5
GROWTH_MAX = 1.1
POISON = ("", "{", "[]", '{"visitor":"many"}', '{"visitor":1,"seconds":-1,"at":"2026-01-01"}')
SETTINGS = ("--set", "store.cache_mb=64", "--set", "store.block_cache_mb=64", "--set",
            "store.past_reads_s=0", "--set", "store.commit_log_s=180")
MEASURES = ("resident MiB", "threads", "files", "store MiB")
PARTS = ("timelines", "memtables", "blocks", "readers")  # of what is resident, as /metrics has it


def options_of():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("binaries")
    parser.add_argument("home")
    for name, value in (("minutes", 30), ("rate", 2000), ("lookups", 100)):
        parser.add_argument(f"--{name}", type=int, default=value)
    return parser.parse_args()


def event(draw, now):
    if draw.random() < 0.01:
        return draw.choice(POISON)
    at = now - datetime.timedelta(seconds=draw.uniform(0, LATE_S) if draw.random() < 0.1 else 0)
    return json.dumps({"visitor": int(VISITORS * draw.random() ** 3), "page": f"/p/{draw.randrange(500)}",
                       "seconds": round(draw.expovariate(0.1), 3), "at": at.isoformat()})


def publish(bench, database, draw, rate):
    """A second's events."""
    now = datetime.datetime.now(datetime.timezone.utc)
    file = bench.directory / "events.jsonl"
    file.write_text("".join(event(draw, now) + "\n" for _ in range(rate)), encoding="utf-8")
    database.nowthen("publish", "clicks", file)


def lookup(connection, draw):
    visitor = int(VISITORS * draw.random() ** 3)
    connection.request("POST", "/get-online-features", json.dumps(
        {"feature_service": "pages_v1", "entities": {"visitor": [visitor]}}),
        {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise world.Trouble(f"a lookup of visitor {visitor} was answered {answer.status}")


def looked_at(bench, service):
    """MEASURES of the process and its store."""
    proc = pathlib.Path(f"/proc/{service.process.pid}")
    status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
    stored = sum(file.stat().st_size for file in (bench.directory / "store").rglob("*")
                 if file.is_file())
    return (int(status["VmRSS"].split()[0]) / 1024, int(status["Threads"]),
            len(list((proc / "fd").iterdir())), stored / 2**20)


def parts_of(service):
    """MiB of each of PARTS."""
    with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/metrics") as answer:
        lines = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines()
                     if not line.startswith("#"))
    return [float(lines[f'nowthen_store_memory_bytes{{part="{part}"}}']) / 2**20 for part in PARTS]


def minute_run(bench, database, service, draw, options):
    """The means of MEASURES: logs and files come to a hundred MiB and go again within minutes."""
    looks = []
    connection = http.client.HTTPConnection("127.0.0.1", int(service.port))
    begun = time.monotonic()
    for second in range(1, 61):
        publish(bench, database, draw, options.rate)
        for _ in range(options.lookups):
            lookup(connection, draw)
        if second % LOOK_EVERY_S == 0:
            looks.append(looked_at(bench, service))
        time.sleep(max(0, begun + second - time.monotonic()))
    connection.close()
    return [statistics.mean(values) for values in zip(*looks)]


def judge(minutes):
    """The exit status. By the mean of the second third and of the last: the first fills caches."""
    third = max(1, len(minutes) // 3)
    early, late = minutes[-2 * third:-third] or minutes[:1], minutes[-third:]
    grown = []
    print()
    for index, name in enumerate(MEASURES):
        before, after = (statistics.mean(part[index] for part in parts) for parts in (early, late))
        print(f"{name:<16} {before:10.1f}, then {after:10.1f}: {after / before:.2f} times")
        if after > before * GROWTH_MAX:
            grown.append(name)
    print("grew: " + ", ".join(grown) if grown else "nothing grew")
    return 1 if grown else 0


def bench():
    options, draw, minutes = options_of(), random.Random(SEED), []
    with world.Bench("soak", options.binaries, options.home,
                     os.environ["NOWTHEN_KAFKA_BROKERS"]) as place:
        program = place.compile("soak.sql", "clicks")
        with world.Database(place, os.environ["NOWTHEN_DATABASE"]) as database:
            database.apply()
            with world.Service(place, program, "wall", *SETTINGS) as service:
                for number in range(options.minutes):
                    minutes.append(minute_run(place, database, service, draw, options))
                    print(f"minute {number + 1:2} of {options.minutes}: " + ", ".join(
                        f"{name} {value:.1f}" for name, value in zip(MEASURES, minutes[-1])) +
                        " (" + ", ".join(f"{name} {value:.1f}" for name, value in
                                         zip(PARTS, parts_of(service))) + ")", flush=True)
    return judge(minutes)


if __name__ == "__main__":
    sys.exit(world.main(bench))
