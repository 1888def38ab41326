#!/usr/bin/env python3
"""Runs tests/cases through one path and compares with each case's expected.csv, to the byte.

usage: run_cases.py PATH BIN_DIRECTORY [CASE...]

  eval       nowthen eval
  shuffled   nowthen eval over the same events in another order (the seed is printed)
  reference  the naive evaluator of tests/support/reference.c
  online     worker and RocksDB store, lookups as_of each spine row
  offline    PostgreSQL history: nowthen snapshot, and the same from the materialized tables
  postgres   PostgreSQL itself (oracle.py); float sums and averages within 1e-12

offline and postgres need NOWTHEN_DATABASE (tools/stack up; eval "$(tools/stack env)"): they make a database
of their own for each case and drop it.
"""
import concurrent.futures
import csv
import io
import itertools
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import oracle  # noqa: E402

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cases")
FLOAT_TOLERANCE = 1e-12


def run(*command, env=None):
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **(env or {})}
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\nexit {done.returncode}: {done.stderr.strip()}")
    return done.stdout


class Runner:
    def __init__(self, binaries, scratch):
        self.nowthen = os.path.join(binaries, "nowthen")
        self.binaries = binaries
        self.scratch = scratch
        self.types = {}

    def file(self, case, name):
        return os.path.join(case.directory, name)

    def events(self, case):
        return [f"{source}={case.events_file(source)}" for source in case.sources]

    def eval(self, case, events=None):
        given = [word for pair in events or self.events(case) for word in ("--events", pair)]
        return run(
            self.nowthen, "eval", self.file(case, "definitions.sql"), *given, "--of", case.of,
            "--spine", self.file(case, "spine.csv"),
        )

    def shuffled(self, case):
        seed = random.randrange(1 << 32)
        shuffled = []
        for source in case.sources:
            with open(case.events_file(source), encoding="utf-8") as file:
                lines = file.readlines()
            random.Random(seed).shuffle(lines)
            path = os.path.join(self.scratch, f"{source}.jsonl")
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(lines)
            shuffled.append(f"{source}={path}")
        try:
            return self.eval(case, shuffled)
        except RuntimeError as error:
            raise RuntimeError(f"seed {seed}: {error}") from error

    def driver(self, name, case):
        program = os.path.join(self.scratch, "program")
        run(self.nowthen, "compile", self.file(case, "definitions.sql"), "-o", program)
        return run(
            os.path.join(self.binaries, name), program, case.of, self.file(case, "spine.csv"),
            *self.events(case), env={"TMPDIR": self.scratch},
        )

    def reference(self, case):
        return self.driver("case_reference", case)

    def online(self, case):
        return self.driver("case_online", case)

    def offline(self, case):
        """Both training paths; they must agree with each other to the byte."""
        with database() as conninfo:
            env = {"NOWTHEN_DATABASE": conninfo, "NOWTHEN_PROGRAMS_DIR": self.scratch + "/programs"}
            run(self.nowthen, "apply", self.file(case, "definitions.sql"), "--no-topics", env=env)
            for pair in self.events(case):
                source, path = pair.split("=", 1)
                run(self.nowthen, "import", source, path, env=env)
            run(self.nowthen, "materialize", env=env)
            answers = []
            for extra in ((), ("--from", "materialized")):
                out = os.path.join(self.scratch, "out.csv")
                spine = self.file(case, "spine.csv")
                run(self.nowthen, "snapshot", case.of, "--spine", spine, "-o", out, *extra, env=env)
                with open(out, encoding="utf-8", newline="") as file:
                    answers.append(file.read())
            if answers[0] != answers[1]:
                raise RuntimeError(f"materialized differs from history:\n{answers[0]}\n{answers[1]}")
            return answers[0]

    def postgres(self, case):
        with database() as conninfo:
            oracle.load(case, conninfo)
            self.types = dict(oracle.outputs(case, conninfo))
            return oracle.answer(case, conninfo)


class Words:
    """A case of what the compiler says: of a file that it refuses, or warns of."""

    def __init__(self, directory, kind):
        self.directory, self.kind = directory, kind
        with open(os.path.join(directory, kind), encoding="utf-8") as file:
            self.expected = file.read()

    def said(self, nowthen):
        done = subprocess.run(
            [nowthen, "compile", "definitions.sql", "--dump=ir"], cwd=self.directory,
            capture_output=True, text=True, check=False
        )
        if (done.returncode == 0) != (self.kind == "warned"):
            raise RuntimeError(f"exit {done.returncode}: {done.stderr.strip()}")
        return done.stderr

    def difference(self, nowthen):
        said = self.said(nowthen)
        return None if said == self.expected else f"expected\n{self.expected}got\n{said}"


def words(name):
    """The case of that name, if it is one of words."""
    for kind in ("refused", "warned"):
        if os.path.exists(os.path.join(CASES, name, kind)):
            return Words(os.path.join(CASES, name), kind)
    return None


class database:
    """A database of its own, with collation "C", dropped at the end."""

    numbers = itertools.count()

    def __enter__(self):
        self.server = os.environ.get("NOWTHEN_DATABASE")
        if not self.server:
            raise SystemExit('NOWTHEN_DATABASE is not set: tools/stack up; eval "$(tools/stack env)"')
        self.name = f"case_{os.getpid()}_{next(self.numbers)}"
        self.drop()
        self.psql(
            f"CREATE DATABASE {self.name} TEMPLATE template0 ENCODING 'UTF8' "
            "LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        if "://" in self.server:
            return re.sub(r"(://[^/?]*)(/[^?]*)?", rf"\1/{self.name}", self.server, count=1)
        return f"{self.server} dbname={self.name}"  # of a repeated keyword the last counts

    def __exit__(self, *_):
        self.drop()

    def drop(self):
        self.psql(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def psql(self, command):
        run("psql", "-X", "-q", "-d", self.server, "-c", "SET client_min_messages = warning",
            "-c", command)


def is_near(x, y):
    try:
        a, b = float(x), float(y)
    except ValueError:
        return False
    return abs(a - b) <= FLOAT_TOLERANCE * max(abs(a), abs(b))


def difference(expected, got, types):
    """The first differing field in words, or None. types: columns that may differ in a float's end."""
    if expected == got:
        return None
    left = list(csv.reader(io.StringIO(expected)))
    right = list(csv.reader(io.StringIO(got)))
    if len(left) != len(right):
        return f"expected {len(left)} lines, got {len(right)}:\n{got}"
    for number, (a, b) in enumerate(zip(left, right)):
        if len(a) != len(b):
            return f"line {number + 1}: expected {a}, got {b}"
        for name, x, y in zip(left[0], a, b):
            loose = types.get(name) == "double precision"
            if x != y and not (loose and is_near(x, y)):
                return f"line {number + 1}, {name}: expected {x!r}, got {y!r}\n  row {a}"
    return None if types else "quoting differs"


def outcome(path, binaries, name):
    """What is wrong with a case, or None. Cases share nothing, so that several run at once."""
    with tempfile.TemporaryDirectory() as scratch:
        runner = Runner(binaries, scratch)
        try:
            if words(name):
                return words(name).difference(os.path.abspath(runner.nowthen))
            case = oracle.Case(os.path.join(CASES, name))
            return difference(case.read("expected.csv"), getattr(runner, path)(case), runner.types)
        except (RuntimeError, SystemExit) as error:
            return str(error)


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    path, binaries = sys.argv[1], sys.argv[2]
    names = sys.argv[3:] or sorted(
        name for name in os.listdir(CASES) if os.path.isdir(os.path.join(CASES, name))
        and (path == "eval" or not words(name))
    )
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, wrong in zip(names, pool.map(lambda name: outcome(path, binaries, name), names)):
            if wrong:
                failures += 1
                print(f"{name}: {wrong}", flush=True)
    print(f"{path}: {len(names) - failures} passed, {failures} failed")
    sys.exit(1 if failures or not names else 0)


if __name__ == "__main__":
    main()
