"""tools/bench/compile, once everything is built.

usage: compile.py NOWTHEN [the options of tools/bench/compile]
"""

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time

HEAD = """CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, a float8, b integer, c text, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
"""
FORMS = (
    "count(*) FILTER (WHERE at > now() - interval '{0} hours') AS n{1}",
    "avg(a) FILTER (WHERE at > now() - interval '{0} hours' AND b > {2}) AS a{1}",
    "sum(b) FILTER (WHERE at > now() - interval '{0} days') / nullif(count(b), 0) AS r{1}",
    "last(c, at) AS l{1}",
)


def view(number, features, shift):
    items = [FORMS[i % len(FORMS)].format(i + 1 + shift, i, number) for i in range(features)]
    return (f"CREATE MATERIALIZED VIEW view_{number} AS\nSELECT k,\n       " + ",\n       ".join(items)
            + "\nFROM e\nGROUP BY k;\n")


def definitions(views, features, changed=None):
    return HEAD + "\n".join(view(i, features, int(i == changed)) for i in range(views))


def cpu_seconds():
    """Of all processes that were waited for, the C compiler's too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Bench:
    def __init__(self, nowthen, scratch):
        self.nowthen, self.scratch = os.path.abspath(nowthen), scratch

    def compile(self, text, cache, is_refused=False):
        """(seconds, CPU seconds) from SQL to a program that is loaded: eval's over no events."""
        path = os.path.join(self.scratch, "definitions.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        start, cpu = time.monotonic(), cpu_seconds()
        done = subprocess.run(
            [self.nowthen, "eval", path, "--of", "view_0", "--at", "2020-01-01 00:00:00Z",
             "--set", "compiler.cache_dir=" + os.path.join(self.scratch, cache)],
            capture_output=True, text=True, check=False
        )
        seconds, cpu = time.monotonic() - start, cpu_seconds() - cpu
        if (done.returncode != 0) != is_refused:
            raise SystemExit(f"{cache}: exit {done.returncode}: {done.stderr.strip()}")
        return seconds, cpu

    def round(self, number, features):
        times = {}
        for views in (1, 20, 200):
            times[f"{views} views"] = self.compile(definitions(views, features), f"{views}_{number}")
        changed = definitions(200, features, changed=77)
        times["1 of 200 changed"] = self.compile(changed, f"200_{number}")
        times["none of 200 changed"] = self.compile(changed, f"200_{number}")
        times["300 features"] = self.compile(definitions(1, 300), f"wide_{number}")
        times["60 views"] = self.compile(definitions(60, features), f"60_{number}")
        times["10,000 features, refused"] = self.compile(definitions(1, 10000), "huge", True)
        return times


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("nowthen")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--features", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(options.nowthen, scratch)
        rounds = [bench.round(i, options.features) for i in range(options.rounds)]
    for name in rounds[0]:
        seconds, cpu = (statistics.median(r[name][i] for r in rounds) for i in (0, 1))
        print(f"{name:<26}{seconds:8.2f} s {cpu:8.2f} s of CPU")
    for i, what in enumerate(("time", "CPU")):
        ratios = sorted(r["200 views"][i] / r["1 of 200 changed"][i] for r in rounds)
        print(f"all 200 / 1 of 200 changed{statistics.median(ratios):8.1f} x in {what} "
              f"({ratios[0]:.1f} to {ratios[-1]:.1f}; at least 10)")


if __name__ == "__main__":
    main()
