"""tools/bench/compile: one row through an expression, in a compiled program, in numpy and in DuckDB.

usage: transform.py NOWTHEN BENCH_TRANSFORM [--rounds N] [--rows N]

Runs in the bench's own Python environment (requirements.txt). A row at a time is what a request
brings; a column at a time is what the other two are made for. All answers must be the same bits.
"""
import argparse
import os
import statistics
import subprocess
import tempfile
import time

import duckdb
import numpy

SQL = "(a - b) / (abs(c) + 1.0::float8) + a * b - 0.5::float8 * c"
DEFINITIONS = f"""CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (a float8, b float8, c float8, k bigint NOT NULL, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS SELECT k, last({SQL}, at) AS f FROM e GROUP BY k;
CREATE FOREIGN TABLE r (a float8, b float8, c float8) SERVER request;
CREATE VIEW s AS SELECT {SQL} AS f FROM r;
"""
ALONE = 500  # rows asked one by one of what takes microseconds for each


def transformed(a, b, c):
    return (a - b) / (abs(c) + 1.0) + a * b - 0.5 * c


def ns_per_row(rows, run):
    start = time.process_time()
    result = run()
    return (time.process_time() - start) * 1e9 / rows, result


class Bench:
    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.rows = numpy.random.default_rng(1).normal(0, 100, (options.rows, 3))
        self.columns = [numpy.ascontiguousarray(self.rows[:, i]) for i in range(3)]
        self.duck = duckdb.connect(config={"threads": 1})
        self.duck.register("given", dict(zip("abc", self.columns)))
        self.duck.execute("CREATE TABLE t AS SELECT * FROM given")
        self.program()

    def path(self, name):
        return os.path.join(self.scratch, name)

    def program(self):
        with open(self.path("d.sql"), "w", encoding="utf-8") as file:
            file.write(DEFINITIONS)
        subprocess.run([self.options.nowthen, "compile", self.path("d.sql"), "-o", self.path("program")],
                       check=True)
        self.rows.tofile(self.path("rows"))

    def ours(self):
        """(ns of a request, ns of an event, answers)."""
        done = subprocess.run(
            [self.options.transform, self.path("program"), self.path("rows"), self.path("answers")],
            check=True, capture_output=True, text=True)
        request, event = map(float, done.stdout.split()[:2])
        return request, event, numpy.fromfile(self.path("answers"))

    def numpy_alone(self):
        return numpy.array([transformed(*row) for row in self.rows[:ALONE]])

    def duck_alone(self):
        statement = "SELECT " + SQL + " FROM (SELECT ?::float8 AS a, ?::float8 AS b, ?::float8 AS c)"
        return numpy.array([self.duck.execute(statement, row).fetchone()[0]
                            for row in self.rows[:ALONE].tolist()])

    def duck_column(self):
        return self.duck.execute(f"SELECT {SQL} AS f FROM t").fetchnumpy()["f"]

    def round(self):
        request, event, answers = self.ours()
        times = {"a request, Nowthen": request, "an event, Nowthen": event}
        count = self.options.rows
        for name, rows, run in (
                ("a row alone, numpy", ALONE, self.numpy_alone),
                ("a row alone, DuckDB", ALONE, self.duck_alone),
                ("a row of a column, numpy", count, lambda: transformed(*self.columns)),
                ("a row of a column, DuckDB", count, self.duck_column)):
            times[name], result = ns_per_row(rows, run)
            if result.tobytes() != answers[:rows].tobytes():
                raise SystemExit(f"{name}: other answers than Nowthen's")
        return times


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("nowthen")
    parser.add_argument("transform")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1000000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(options, scratch)
        rounds = [bench.round() for _ in range(options.rounds)]
    print(f"one row through {SQL}: ns of CPU, and times a request to Nowthen (least to most of "
          f"{options.rounds} rounds)")
    for name in rounds[0]:
        ratios = sorted(r[name] / r["a request, Nowthen"] for r in rounds)
        median = statistics.median(r[name] for r in rounds)
        print(f"  {name:<28}{median:10.1f} ns {statistics.median(ratios):10.2f} x "
              f"({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
