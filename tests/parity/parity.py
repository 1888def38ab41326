#!/usr/bin/env python3
"""Random definition files and events through PostgreSQL and nowthen eval: every value must be the same.

A value is the same when its text is, to the byte; sums and averages of floats that PostgreSQL rounds
may differ by 1e-12 of themselves; an error in either must be a NULL (or the error) in the other. What
needs more than 1000 digits is an error of ours by contract: such values are counted, not compared.

A difference is shrunk and written as a folder for tests/cases, and the run fails. The seed decides all:
the same seed makes the same definitions, events and spines.

Needs NOWTHEN_DATABASE, a PostgreSQL 15 in which databases may be created: tools/stack up.
"""
import argparse
import collections
import os
import random
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "tests", "support")]
import judge  # noqa: E402
import oracle  # noqa: E402
import run_cases  # noqa: E402
from generator import Generator  # noqa: E402
from events import BASES_US, Teller  # noqa: E402
from shrink import Shrinker  # noqa: E402
from trial import Trial, write  # noqa: E402

# Two of three rounds are middling; small ones are quick, wide ones put many features beside each other.
SHAPES = [(50, 160, 14, 6), (50, 160, 14, 6), (30, 300, 20, 5), (12, 40, 30, 5), (90, 120, 10, 6)]


def arguments_read():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("binaries", help="the directory of the nowthen command")
    parser.add_argument("--seed", type=int, help="of the first round (default: of the clock)")
    parser.add_argument("--seconds", type=float, help="stop after this time")
    parser.add_argument("--values", type=int, help="stop after this many compared values")
    parser.add_argument("--rounds", type=int, help="stop after this many rounds")
    parser.add_argument("--output", default=".", help="where the folders of differences go (default: .)")
    parser.add_argument("--go-on", type=int, default=1, metavar="N",
                        help="stop at the N-th difference (default: 1)")
    parser.add_argument("--no-shrink", action="store_true", help="only show differences")
    parser.add_argument("--quiet", action="store_true", help="no line per round, no list of what was covered")
    arguments = parser.parse_args()
    if not (arguments.seconds or arguments.values or arguments.rounds):
        parser.error("say when to stop: --seconds, --values or --rounds")
    return arguments


def begun(seed):
    """The definition file of a seed, and what its events are drawn by."""
    rng = random.Random(seed)
    features, *counts = rng.choice(SHAPES)
    base_us = rng.choice(BASES_US)
    definitions = Generator(rng, base_us, features, seed).definitions()
    return definitions, Teller(rng, definitions, base_us), counts


def definitions_made(seed):
    return begun(seed)[0]


def made(seed):
    """The case of a seed."""
    definitions, teller, counts = begun(seed)
    return definitions, teller.data(*counts)


class Run:
    def __init__(self, arguments, trial):
        self.arguments, self.trial = arguments, trial
        self.started = time.monotonic()
        self.compared = self.limited = self.errors = self.filled = self.rounds = self.found = self.refused = 0
        self.covered, self.kinds = collections.Counter(), collections.Counter()

    def is_over(self):
        a = self.arguments
        return (self.found >= a.go_on or (a.rounds and self.rounds >= a.rounds)
                or (a.values and self.compared >= a.values)
                or (a.seconds and time.monotonic() - self.started >= a.seconds))

    def round(self, seed):
        definitions, data = made(seed)
        outcome = self.trial.run(definitions, data)
        self.rounds += 1
        self.compared += outcome.compared
        self.limited += outcome.limited
        self.errors += outcome.errors
        self.filled += outcome.filled
        self.cover(definitions, len(data.spine))
        self.kinds.update(data.kinds())
        if outcome.differences:
            self.found += 1
            self.report(seed, definitions, data, outcome.differences)
        elif outcome.refusal:
            self.refused += 1
            print(f"seed {seed}: both refuse: {outcome.refusal[:400]}", flush=True)
        elif not self.arguments.quiet:
            print(f"seed {seed}: {outcome.compared} values the same, {self.compared} in all", flush=True)

    def cover(self, definitions, rows):
        service = definitions.service.outputs if definitions.service else []
        where = [(None, c) for v in definitions.views for c in v.conditions() + [v.having] if c]
        for view in definitions.views:
            kind = "DISTINCT ON" if view.order else "HAVING" if view.having else "GROUP BY"
            self.covered["OVER" if view.frames else kind] += rows
            if view.form[0]:
                self.covered["WITH"] += rows
            if any(source.key for source in view.source.bases()):
                self.covered["PRIMARY KEY"] += rows
            if view.source in definitions.event_views:
                self.covered[f"view of events, {len(view.source.parts)} SELECT"] += rows
        for _, node in [f for v in definitions.views for f in v.features] + service + where:
            found = {(n.what, n.leaf if n.argument_count is not None else None) for n in node.walk()}
            for each in found:
                self.covered[each[0]] += rows
                if each[1]:
                    self.covered["FILTER: " + each[1][0]] += rows

    def report(self, seed, definitions, data, differences):
        print(f"seed {seed}: {len(differences)} differences, the first:")
        for difference in differences[:3]:
            print(f"  {difference.kind}: {difference.text[:1500]}")
        if not self.arguments.no_shrink:
            self.shrunk(seed, definitions, data, differences[0])
        sys.stdout.flush()

    def shrunk(self, seed, definitions, data, difference):
        shrinker = Shrinker(self.trial, difference.kind)
        definitions, data = shrinker.shrink(definitions, data, difference)
        final = next(iter(self.trial.run(definitions, data).differences), difference)
        folder = os.path.join(self.arguments.output, f"parity_{seed}")
        write(folder, definitions, data)
        expect(folder, self.trial.conninfo)
        print(f"  made small in {shrinker.asks} asks: {folder}\n  {final.kind}: {final.text}")

    def summary(self):
        seconds = time.monotonic() - self.started
        if not self.arguments.quiet:
            for what, count in sorted(self.covered.items()):
                print(f"  {count:9} {what}")
            print("in the events:")
            for what, count in sorted(self.kinds.items()):
                print(f"  {count:9} {what}")
        print(f"parity: seed {self.arguments.seed}, {self.rounds} rounds, {self.compared} values compared "
              f"({self.filled} not NULL, {self.errors} errors in PostgreSQL), {self.limited} beyond 1000 "
              f"digits, {self.refused} definition files refused by both, {self.found} differences, {seconds:.0f} s")


def expect(folder, conninfo):
    """Writes expected.csv by the oracle of the cases, where it can answer."""
    case = oracle.Case(folder)
    try:
        oracle.load(case, conninfo)
        text = oracle.answer(case, conninfo)
    except SystemExit as error:
        print(f"  no expected.csv: {error}")
        return
    finally:
        judge.prepare(conninfo)  # the oracle makes the schema anew
    with open(os.path.join(folder, "expected.csv"), "w", encoding="utf-8", newline="") as file:
        file.write(text)


def main():
    arguments = arguments_read()
    if arguments.seed is None:
        arguments.seed = int(time.time())
    nowthen = os.path.join(arguments.binaries, "nowthen")
    with run_cases.database() as conninfo, tempfile.TemporaryDirectory() as scratch:
        judge.prepare(conninfo)
        trial = Trial(nowthen, conninfo, scratch)
        run = Run(arguments, trial)
        while not run.is_over():
            run.round(arguments.seed + run.rounds)
        run.summary()
    sys.exit(1 if run.found or not run.compared else 0)


if __name__ == "__main__":
    main()
