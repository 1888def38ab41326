#!/usr/bin/env python3
"""Kill -9 at random moments over the flights, as often as is asked for; tools/crash starts it.

The flights go into a store undisturbed; that is the answer. Then a worker is killed at a random moment,
started again on what it left, killed again; after every kill a copy of what is on disk is run to the end
of the log and must hold the answer's bytes, positions and counters. A store that reaches the end is
followed by an empty one.
"""

import argparse
import pathlib
import random
import shutil
import sys
import time

from world import ROOT, Failure, World, check, check_equal

FLIGHTS = 336_776
END_TIMEOUT_S = 300


def published(world, events):
    """The arguments of nowthen serve for the flights on a topic of this world's own."""
    text = (ROOT / "examples/flights/definitions.sql").read_text(encoding="utf-8")
    own = text.replace("topic 'flights'", f"topic '{world.topic('flights')}'")
    definitions = world.write("definitions.sql", own)
    world.run("apply", definitions)
    world.run("publish", "flights", events)
    world.run("compile", definitions, "-o", world.path("program"))
    return ("--program", world.path("program"), "--clock", "event")


def finished(world, program, store):
    """The state of a store that was run to the end of the log."""
    service = world.serve(*program, "--store", store, "--until-end", log="finished.log")
    code = service.process.wait(END_TIMEOUT_S)
    if code != 0:
        raise Failure(f"serve --until-end exits {code}:\n{service.said()}")
    return world.inspect(store)


def total(state):
    return sum(int(value.split()[-1]) for name, value in state.items() if "position" in name)


def killed_at(world, program, store, delay_s):
    """Whether it was still reading the log when it was killed."""
    service = world.serve(*program, "--store", store, log="killed.log")
    service.address()
    time.sleep(delay_s)
    is_ready = service.ask("/readyz")[0] == 200
    service.process.kill()
    service.process.wait()
    return not is_ready


def test(world, events, kills, seed):
    draw = random.Random(seed)
    program = published(world, events)
    start = time.monotonic()
    answer = finished(world, program, world.path("undisturbed"))
    took = time.monotonic() - start
    check_equal(f"an undisturbed run applies every flight once ({took:.1f} s)",
                (FLIGHTS, FLIGHTS), (total(answer), int(answer["counter accepted"])))
    store, copy = world.path("killed"), world.path("copy")
    inside = 0
    for number in range(1, kills + 1):
        is_inside = killed_at(world, program, store, draw.uniform(0, took / 3))
        inside += is_inside
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(store, copy, symlinks=True, ignore=shutil.ignore_patterns("control"))
        state = finished(world, program, copy)
        if state != answer:
            different = {name for name in answer.keys() | state.keys()
                         if answer.get(name) != state.get(name)}
            raise Failure(f"seed {seed}, kill {number}: differs in {sorted(different)}\n"
                          f"expected: {answer}\ngot:      {state}")
        if not is_inside:
            shutil.rmtree(store)
        if number % 10 == 0 or number == kills:
            print(f"  {number} kills, {inside} of them while reading the log: equal every time",
                  flush=True)
    check("some kills came while the log was read", inside > 0)
    for name in ("row", "tile"):
        print(f"  {name}: {answer[name]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", help="the directory of the nowthen command")
    parser.add_argument("events", help="the flights as JSON lines, of examples/flights/prepare")
    parser.add_argument("--kills", type=int, default=20, help="how many (default: 20)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32),
                        help="of the moments (default: a random one, printed)")
    asked = parser.parse_args()
    print(f"crash: seed {asked.seed}, {asked.kills} kills", flush=True)
    start = time.monotonic()
    try:
        with World("flights", asked.binaries) as world:
            test(world, pathlib.Path(asked.events).resolve(), asked.kills, asked.seed)
    except Failure as failure:
        print(f"crash: FALSE: {failure}")
        sys.exit(1)
    print(f"crash: all true, {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
