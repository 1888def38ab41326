#!/usr/bin/env python3
"""What of include/nowthen/*.def the fixed seeds of parity.py never draw: there must be nothing.

A function, an operator, a cast or an aggregate is drawn where the emitted C of a definition file calls
it. So a line that is new in the tables fails here until the generator draws it, or until it is named
below with the reason why it cannot.

usage: coverage.py BINARIES [--seed N] [--rounds N]
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import parity  # noqa: E402
import tables  # noqa: E402

NEVER = {
}


def wanted():
    """The names that C calls it by, and what SQL calls it."""
    names = {f"nt_{line.symbol}": f"{line.kind.lower()} {line.name} ({', '.join(line.args)})"
             for line in tables.functions()}
    names.update({f"nt_aggregate_{symbol}": f"aggregate {sql}" for symbol, sql in tables.aggregates()})
    return names


def drawn(nowthen, seed, directory):
    path = os.path.join(directory, "definitions.sql")
    with open(path, "w", encoding="utf-8") as file:
        file.write(parity.definitions_made(seed).sql())
    done = subprocess.run([nowthen, "compile", path, "--dump=c"], capture_output=True, text=True, check=False)
    if done.returncode < 0:
        raise SystemExit(f"coverage: seed {seed}: nowthen compile, exit {done.returncode}: {done.stderr[-400:]}")
    return set(re.findall(r"\bnt_\w+", done.stdout))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("binaries", help="the directory of the nowthen command")
    parser.add_argument("--seed", type=int, default=1, help="the first (default: 1)")
    parser.add_argument("--rounds", type=int, default=100, help="how many (default: 100)")
    arguments = parser.parse_args()
    missing = wanted()
    with tempfile.TemporaryDirectory() as directory:
        for seed in range(arguments.seed, arguments.seed + arguments.rounds):
            for name in drawn(os.path.join(arguments.binaries, "nowthen"), seed, directory):
                missing.pop(name, None)
    for name in sorted(set(missing) - set(NEVER)):
        print(f"coverage: never drawn: {missing[name]}, {name}")
    for name in sorted(set(NEVER) - set(missing)):
        print(f"coverage: {name} is drawn: it is no exception ({NEVER[name]})")
    sys.exit(1 if set(missing) != set(NEVER) else 0)


if __name__ == "__main__":
    main()
