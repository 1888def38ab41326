#!/usr/bin/env python3
"""The requests that tools/quickstart sends to the lookup service, and their answers for people.

usage: ask.py carriers DIRECTORY   print the request for every carrier's flights_ever
       ask.py sum DIRECTORY        read its answer; print the sum
       ask.py trip DIRECTORY       print the request for the vector of the year's last known flight
       ask.py table DIRECTORY      read its answer; print a line for each feature

DIRECTORY is where examples/flights/prepare has put its files.
"""

import json
import pathlib
import sys

SERVICE = "delay_model_v1"
REQUEST = ("tailnum", "origin", "dest", "carrier", "scheduled")


def spine(directory):
    """The rows as dictionaries. No field of this file is quoted."""
    lines = (pathlib.Path(directory) / "spine.csv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    return (dict(zip(names, line.split(","))) for line in reversed(lines[1:]))


def carriers(directory):
    names = sorted({row["carrier"] for row in spine(directory)})
    print(json.dumps({"entities": {"carrier": names}, "features": ["carrier:flights_ever"]}))


def trip(directory):
    row = next(each for each in spine(directory) if all(each[name] for name in REQUEST))
    row["scheduled"] = row["scheduled"].replace(" ", "T").replace("+00", "Z")
    print(json.dumps({"feature_service": SERVICE,
                      "entities": {name: [row[name]] for name in REQUEST}}))


def answer():
    """[(feature, values, statuses)] of a response in Feast's shape: column by column."""
    response = json.load(sys.stdin)
    for name, result in zip(response["metadata"]["feature_names"], response["results"]):
        yield name, result["values"], result["statuses"]


def total(_):
    print(sum(int(value) for name, values, _ in answer() if name == "flights_ever"
              for value in values))


def table(_):
    for name, values, statuses in answer():
        print(f"      {name:24} {json.dumps(values[0]):>24}  {statuses[0]}")


def main():
    commands = {"carriers": carriers, "sum": total, "trip": trip, "table": table}
    if "-h" in sys.argv or "--help" in sys.argv:
        print(__doc__.strip())
        return 0
    if len(sys.argv) != 3 or sys.argv[1] not in commands:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    commands[sys.argv[1]](sys.argv[2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
