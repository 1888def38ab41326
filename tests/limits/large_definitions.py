#!/usr/bin/env python3
"""Large definition files: they compile, load and answer, or are refused, and within seconds.

usage: large_definitions.py BINARIES

The bounds are many times what a machine with nothing else to do takes: they are there for what grows
with the square of a file's size, or worse.
"""
import os
import subprocess
import sys
import tempfile
import time

HEAD = """CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, a float8, b integer, c text, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
"""
FORMS = (
    "count(*) FILTER (WHERE at > now() - interval '{1} hours') AS f{0}",
    "avg(a) FILTER (WHERE at > now() - interval '{1} hours' AND b > {1}) AS f{0}",
    "sum(b) FILTER (WHERE at > now() - interval '{1} days') / nullif(count(b), 0) AS f{0}",
    "last(c, at) FILTER (WHERE b > {1}) AS f{0}",
)
EVENTS = ['{"k": "x", "a": 1.5, "b": 4000, "c": "y", "at": "2020-01-01T00:00:00Z"}']


def view(number, features):
    items = [FORMS[i % len(FORMS)].format(i, i % 200 + 1) for i in range(features)]
    return (f"CREATE MATERIALIZED VIEW view_{number} AS\nSELECT k,\n       " + ",\n       ".join(items)
            + "\nFROM e\nGROUP BY k;\n")


def views(count, features):
    return HEAD + "\n".join(view(i, features) for i in range(count))


class Tester:
    def __init__(self, binaries, directory):
        self.nowthen, self.directory, self.failed = os.path.join(binaries, "nowthen"), directory, 0

    def evaluate(self, definitions):
        """(exit status, standard output and error, seconds)."""
        paths = {name: os.path.join(self.directory, name) for name in ("d.sql", "e.jsonl", "cache")}
        with open(paths["d.sql"], "w", encoding="utf-8") as file:
            file.write(definitions)
        with open(paths["e.jsonl"], "w", encoding="utf-8") as file:
            file.write("\n".join(EVENTS) + "\n")
        start = time.monotonic()
        done = subprocess.run(
            [self.nowthen, "eval", paths["d.sql"], "--events", f"e={paths['e.jsonl']}", "--of", "view_0",
             "--at", "2020-01-01 00:00:00Z", "--set", f"compiler.cache_dir={paths['cache']}"],
            capture_output=True, text=True, check=False)
        return done, time.monotonic() - start

    def check(self, name, definitions, seconds_max, expected, status=0):
        done, seconds = self.evaluate(definitions)
        said = done.stderr if status else done.stdout
        is_good = done.returncode == status and expected in said and seconds <= seconds_max
        self.failed += not is_good
        print(f"{'ok' if is_good else 'FAILED'}: {name}: {seconds:.1f} s, at most {seconds_max}")
        if not is_good:
            print(f"  exit status {done.returncode}, wanted {expected!r} in {said[:500]!r}")


def main():
    with tempfile.TemporaryDirectory() as directory:
        tester = Tester(sys.argv[1], directory)
        tester.check("a view of 300 features", views(1, 300), 120, "\nx,1,1.5,4000,y,")
        tester.check("60 views of 10 features", views(60, 10), 120, "\nx,1,1.5,4000,y,")
        tester.check("60 views again", views(60, 10), 20, "\nx,1,1.5,4000,y,")
        tester.check("a view of 10,000 features", views(1, 10000), 30, "at most 1600", status=2)
    sys.exit(1 if tester.failed else 0)


if __name__ == "__main__":
    main()
