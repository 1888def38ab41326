"""What the integration tests share: a world of one's own, and sentences about it.

A World is a scratch directory, a database, topic names and settings that no other test has. Leaving
it ends the processes that it started and removes all of that. Every check prints what it checks.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy/kafka"))
import admin  # noqa: E402

RUN_TIMEOUT_S = 120
READY_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30


class Failure(Exception):
    """A sentence that turned out to be false."""


def check(sentence, is_true, detail=""):
    if not is_true:
        raise Failure(f"{sentence}\n{detail}" if detail != "" else sentence)
    print(f"  {sentence}", flush=True)


def check_equal(sentence, expected, got):
    check(sentence, expected == got, f"expected: {str(expected)[:2000]}\ngot:      {str(got)[:2000]}")


def wait_until(what, is_true, timeout_s=READY_TIMEOUT_S, pause_s=0.05):
    end = time.monotonic() + timeout_s
    while True:
        found = is_true()
        if found:
            return found
        if time.monotonic() > end:
            raise Failure(f"waited {timeout_s} s: {what}")
        time.sleep(pause_s)


class World:
    def __init__(self, name, binaries):
        self.name = f"it_{name}_{os.getpid()}"
        self.nowthen = os.path.join(binaries, "nowthen")
        self.server = os.environ.get("NOWTHEN_DATABASE")
        self.brokers = os.environ.get("NOWTHEN_KAFKA_BROKERS")
        if not self.server or not self.brokers:
            sys.exit("NOWTHEN_DATABASE or NOWTHEN_KAFKA_BROKERS is not set: tools/stack up; "
                     'eval "$(tools/stack env)"')
        self.topics = set()
        self.processes = []

    def __enter__(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix=self.name))
        self.psql(f"CREATE DATABASE {self.name} TEMPLATE template0 ENCODING 'UTF8' "
                  "LC_COLLATE 'C' LC_CTYPE 'C'", database=self.server)
        self.database = re.sub(r"(://[^/?]*)(/[^?]*)?", rf"\1/{self.name}", self.server, count=1)
        mine = {name: value for name, value in os.environ.items()
                if not name.startswith("NOWTHEN_")}
        self.environment = {
            **mine,
            "NOWTHEN_DATABASE": self.database,
            "NOWTHEN_KAFKA_BROKERS": self.brokers,
            "NOWTHEN_PROGRAMS_DIR": str(self.scratch / "programs"),
            "NOWTHEN_STORE_PATH": str(self.scratch / "online"),
            "TMPDIR": str(self.scratch),
        }
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.topics_delete()
        self.psql(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", database=self.server)
        shutil.rmtree(self.scratch, ignore_errors=True)

    # ---- files ----

    def path(self, name):
        return str(self.scratch / name)

    def write(self, name, text):
        path = self.scratch / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def topic(self, name):
        """A topic name of this world's own, deleted with its dead letters at the end."""
        topic = f"{self.name}_{name}"
        self.topics.add(topic)
        return topic

    def topics_delete(self):
        try:
            host, port = self.brokers.split(",")[0].rsplit(":", 1)
            broker = admin.Broker(host, int(port))
            for topic in self.topics:
                broker.delete(topic)
                broker.delete(topic + ".dlq")
        except OSError as error:
            print(f"  topics were left behind: {error}")

    # ---- processes ----

    def start(self, *arguments, log=None, environment=None):
        """A nowthen in the background, its output in the file named log."""
        with open(self.path(log or "background.log"), "ab") as out:
            process = subprocess.Popen(
                [self.nowthen, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, env={**self.environment, **(environment or {})})
        self.processes.append(process)
        return process

    def run(self, *arguments, code=0, stdin=None, environment=None, stdout=subprocess.PIPE):
        """A nowthen to its end, which must come with that exit code (None: any)."""
        done = subprocess.run(
            [self.nowthen, *map(str, arguments)], input=stdin, stdout=stdout,
            stderr=subprocess.PIPE, text=True, errors="replace", timeout=RUN_TIMEOUT_S, check=False,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            env={**self.environment, **(environment or {})})
        if code is not None and done.returncode != code:
            raise Failure(f"nowthen {' '.join(map(str, arguments))}\nexit {done.returncode}, "
                          f"not {code}\n{done.stdout}{done.stderr}")
        return done

    def fails(self, sentence, arguments, code, *fragments, **options):
        """It ends with that code and says all fragments on stderr, in a line and not in a crash."""
        done = self.run(*arguments, code=None, **options)
        said = done.stderr.strip()
        check(sentence, done.returncode == code and all(each in said for each in fragments),
              f"nowthen {' '.join(map(str, arguments))}\nexit {done.returncode}, not {code}; must "
              f"say {fragments}, says:\n{said}")
        return done

    def psql(self, command, database=None):
        done = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
             database or self.database, "-c", "SET client_min_messages = warning", "-c", command],
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=RUN_TIMEOUT_S,
            check=False)
        if done.returncode != 0:
            raise Failure(f"psql: {command}\n{done.stderr}")
        return done.stdout.strip()

    def serve(self, *arguments, log="serve.log", environment=None):
        return Service(self, arguments, log, environment)

    def inspect(self, store):
        """What nowthen inspect prints: {what: value}."""
        lines = self.run("inspect", "--store", store).stdout.splitlines()
        return dict(line.split(": ", 1) for line in lines)


class Service:
    """A running nowthen serve."""

    def __init__(self, world, arguments, log, environment):
        self.log = world.path(log)
        self.offset = os.path.getsize(self.log) if os.path.exists(self.log) else 0
        self.process = world.start("serve", "--port", "0", *arguments, log=log,
                                   environment=environment)
        self.url = None

    def said(self):
        with open(self.log, encoding="utf-8") as file:
            file.seek(self.offset)
            return file.read()

    def address(self):
        def find():
            if self.process.poll() is not None:
                raise Failure(f"serve ended with {self.process.returncode}:\n{self.said()}")
            return re.search(r"url=(http://\S+)", self.said())

        if not self.url:
            self.url = wait_until("serve names no address", find, pause_s=0.01).group(1)
        return self.url

    def ask(self, path, document=None):
        """(HTTP status, body)"""
        data = None if document is None else json.dumps(document).encode()
        try:
            with urllib.request.urlopen(self.address() + path, data, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def features(self, entities, **options):
        """(HTTP status, the document)"""
        status, body = self.ask("/get-online-features", {"entities": entities, **options})
        return status, json.loads(body)

    def metrics(self):
        """{name{labels}: value}"""
        lines = self.ask("/metrics")[1].splitlines()
        return {name: float(value) for name, value in
                (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}

    def ready_wait(self):
        def is_ready():
            if self.process.poll() is not None:
                raise Failure(f"serve ended with {self.process.returncode}:\n{self.said()}")
            return self.ask("/readyz")[0] == 200

        self.address()
        wait_until("serve is not ready", is_ready)
        return self

    def stop(self, how=signal.SIGTERM):
        """The exit code."""
        self.process.send_signal(how)
        return self.process.wait(STOP_TIMEOUT_S)


def main(name, test):
    """Runs test(world); the first argument is the directory of the binaries."""
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        print(f"usage: {name}.py BIN_DIRECTORY (with tools/stack up, and its env)")
        sys.exit(0 if "--help" in sys.argv else 2)
    start = time.monotonic()
    try:
        with World(name, sys.argv[1]) as world:
            test(world)
    except Failure as failure:
        print(f"{name}: FALSE: {failure}")
        sys.exit(1)
    print(f"{name}: all true, {time.monotonic() - start:.1f} s")
