"""What the benches share: a place and topics of their own, processes measured, numbers printed."""

import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy/kafka"))
import admin  # noqa: E402

READY_TIMEOUT_S = 600
PAUSE_S = 0.05


class Trouble(Exception):
    """A bench that could not be run."""


def run(command, **options):
    """(standard output, CPU seconds of the process and of its children)."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE,
                                   stderr=errors, stdin=subprocess.DEVNULL, text=True, **options)
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)  # what gives the times, so nobody else may wait
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        if process.returncode != 0:
            raise Trouble(f"exit status {process.returncode}: {' '.join(map(str, command))}\n"
                          f"{errors.read()[-4000:]}")
    return out, usage.ru_utime + usage.ru_stime


class Bench:
    """A directory and topics that go away at the end."""

    def __init__(self, name, binaries, home, brokers):
        self.name = f"bench-{name}-{os.getpid()}"
        self.binaries = pathlib.Path(binaries)
        self.home, self.brokers = home, brokers
        self.topics = [self.name, f"{self.name}.dlq"]

    def __enter__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=self.home))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory, ignore_errors=True)
        host, port = self.brokers.split(",")[0].rsplit(":", 1)
        for topic in self.topics:
            admin.delete(admin.Broker(host, int(port)), topic)

    def payments(self, events, partitions):
        """Makes the topic and the program that reads it, and returns the program's directory."""
        run([self.binaries / "bench_stream", "produce", self.brokers, self.name, events,
             partitions])
        return self.compile("stream.sql", "payments")

    def compile(self, name, topic):
        """The directory of the program of definitions beside this file, with a topic of its own."""
        self.definitions = self.directory / name
        text = (ROOT / "tools/bench" / name).read_text(encoding="utf-8")
        self.definitions.write_text(text.replace(f"topic '{topic}'", f"topic '{self.name}'"),
                                    encoding="utf-8")
        program = self.directory / "program"
        run([self.binaries / "nowthen", "compile", self.definitions, "-o", program])
        return program

    def serve(self, program, clock, *more):
        """The command of a worker with a new store."""
        store = self.directory / "store"
        shutil.rmtree(store, ignore_errors=True)
        return [self.binaries / "nowthen", "serve", "--program", program, "--store", store,
                "--no-erasures", "--clock", clock, "--brokers", self.brokers, *more]


class Database:
    """A database that goes away at the end, with the definitions that the bench compiled."""

    def __init__(self, bench, conninfo):
        self.bench, self.server, self.name = bench, conninfo, f"bench_{os.getpid()}"
        self.conninfo = urllib.parse.urlsplit(conninfo)._replace(path=f"/{self.name}").geturl()

    def __enter__(self):
        run(["psql", "-qX", self.server, "-c", f"CREATE DATABASE {self.name}"])
        return self

    def __exit__(self, *_):
        run(["psql", "-qX", self.server, "-c", f"DROP DATABASE {self.name} WITH (FORCE)"])

    def apply(self):
        self.nowthen("apply", self.bench.definitions)

    def archive(self):
        """The topic as history."""
        self.nowthen("archive", "--until-end")

    def nowthen(self, *command):
        run([self.bench.binaries / "nowthen", *command, "--database", self.conninfo,
             "--brokers", self.bench.brokers])


class Service:
    """nowthen serve with a new store."""

    def __init__(self, bench, program, clock, *more):
        self.log = bench.directory / "serve.log"
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                list(map(str, bench.serve(program, clock, "--port", "0", *more))),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)

    def __enter__(self):
        self.port = self.wait(lambda: re.search(r"url=http://[^ ]*:(\d+)",
                                                self.log.read_text(encoding="utf-8"))).group(1)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def wait(self, found):
        end = time.monotonic() + READY_TIMEOUT_S
        while not found():
            if self.process.poll() is not None or time.monotonic() > end:
                raise Trouble("nowthen serve did not come to its end of the topic:\n"
                                    + self.log.read_text(encoding="utf-8")[-4000:])
            time.sleep(PAUSE_S)
        return found()

    def is_caught_up(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return answer.status == 200
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return False


def spread(what, values, unit):
    print(f"{what:<58} {statistics.median(values):10.2f} {unit:<12}"
          f" ({len(values)} rounds, {min(values):.2f} to {max(values):.2f})", flush=True)


def main(bench):
    try:
        return bench()
    except (Trouble, OSError) as trouble:
        print(f"{pathlib.Path(sys.argv[0]).name}: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
