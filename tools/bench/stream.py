"""tools/bench/stream, once everything is built: its rounds and their ratios.

usage: stream.py BINARIES HOME [--peer DIRECTORY] [the options of tools/bench/stream]
"""

import argparse
import os
import shutil
import sys
import time

import world

LOG4J = """log4j.rootLogger=ERROR, stderr
log4j.appender.stderr=org.apache.log4j.ConsoleAppender
log4j.appender.stderr.target=System.err
log4j.appender.stderr.layout=org.apache.log4j.SimpleLayout
"""
SHAPES = ("hopping", "tumbling")


def options_of():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("binaries")
    parser.add_argument("home")
    parser.add_argument("--peer")
    for name, value in (("rounds", 5), ("events", 2000000), ("partitions", 4),
                        ("peer-warm-up", 100000), ("peer-events", 100000)):
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    if options.peer and options.peer_warm_up + options.peer_events > options.events:
        parser.error("the topic holds fewer --events than the peer is given")
    return options


def worker_us(bench, program, events):
    """CPU microseconds of a message, and messages a second, from the start of the process to its
    end."""
    begun = time.monotonic()
    _, cpu_s = world.run(bench.serve(program, "event", "--until-end", "--port", "0"))
    return cpu_s * 1e6 / events, events / (time.monotonic() - begun)


def consume_us(bench, options):
    out, cpu_s = world.run([bench.binaries / "bench_stream", "consume", bench.brokers, bench.name,
                            options.partitions])
    if int(out.split()[0]) != options.events:
        raise world.Trouble(f"the bare consumer saw {out.strip()} of {options.events}")
    return cpu_s * 1e6 / options.events


def peer_us(bench, options, shape, number):
    """The same of a peer that is warm. Its topics are noted, to be deleted in the end."""
    application = f"{bench.name}-{shape}-{number}"
    bench.topics += [f"{application}-{store}-changelog" for store in ("short", "long")]
    state = bench.directory / application
    log4j = bench.directory / "log4j.properties"
    log4j.write_text(LOG4J, encoding="utf-8")
    out, _ = world.run(["java", "-Xmx1g", "-cp", f"{options.peer}/peer.jar:{options.peer}/lib/*",
                        f"-Dlog4j.configuration=file:{log4j}", "nowthen.bench.Peer", bench.brokers,
                        bench.name, application, state, shape, options.peer_warm_up,
                        options.peer_events])
    shutil.rmtree(state, ignore_errors=True)
    events, cpu_s = out.split()
    return float(cpu_s) * 1e6 / int(events)


def rounds_of(bench, options):
    """Per program, microseconds of each round."""
    program = bench.payments(options.events, options.partitions)
    found = {"worker": [], "consume": [], "hopping": [], "tumbling": []}
    rates = []
    for number in range(options.rounds):
        found["consume"].append(consume_us(bench, options))
        cpu_us, rate = worker_us(bench, program, options.events)
        found["worker"].append(cpu_us)
        rates.append(rate)
        for shape in SHAPES if options.peer else ():
            found[shape].append(peer_us(bench, options, shape, number))
        print(f"round {number + 1} of {options.rounds}: " + ", ".join(
            f"{name} {values[-1]:.2f} us" for name, values in found.items() if values), flush=True)
    return found, rates


def bench():
    options = options_of()
    with world.Bench("stream", options.binaries, options.home,
                     os.environ["NOWTHEN_KAFKA_BROKERS"]) as place:
        found, rates = rounds_of(place, options)
    worker, consume = found["worker"], found["consume"]
    print()
    world.spread("worker, 8 windowed aggregates, exactly once", worker, "us/event")
    world.spread("worker, from its start to its end", rates, "events/s")
    world.spread("bare consume", consume, "us/message")
    world.spread("worker / bare consume (goal: at most 3)",
                 [ours / bare for ours, bare in zip(worker, consume)], "times")
    for shape in SHAPES if options.peer else ():
        world.spread(f"Kafka Streams, {shape}", found[shape], "us/event")
        goal = " (goal: at least 20)" if shape == "hopping" else ""
        world.spread(f"events per CPU second, worker / {shape}{goal}",
                     [peer / ours for peer, ours in zip(found[shape], worker)], "times")
    return 0


if __name__ == "__main__":
    sys.exit(world.main(bench))
