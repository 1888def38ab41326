#!/usr/bin/env python3
"""What does not come to its end leaves nothing behind: no part of a file, no row, no broken store.

Ctrl-C in the middle of each long command, disks that are full, outputs that cannot be written.
"""

import contextlib
import json
import os
import signal
import stat
import subprocess
import threading
import time

from world import World, check, check_equal, main, wait_until

EVENTS = 20_000
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, amount float8, note text, at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) AS n, sum(amount) AS spent, last(note, at) AS latest
FROM pay GROUP BY account;
"""
SPINE = "account,event_timestamp\n" + "a7,2024-01-20 00:00:00+00\n" * 30_000


def event(number):
    return json.dumps({"account": f"a{number}", "amount": number / 7, "note": f"{number:x}" * 40,
                       "at": f"2024-01-{1 + number % 20:02d}T10:00:00Z"}) + "\n"


@contextlib.contextmanager
def endless(world, text, first=""):
    """The path of a pipe that never ends: what reads it is always in the middle."""
    path = world.path("pipe")
    os.mkfifo(path)
    is_done = threading.Event()

    def write():
        with contextlib.suppress(BrokenPipeError), open(path, "w", encoding="utf-8") as pipe:
            pipe.write(first)
            while not is_done.is_set():
                pipe.write(text)
                time.sleep(0.001)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    yield path
    is_done.set()
    with contextlib.suppress(OSError):  # should nobody have opened it
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
    writer.join(10)
    os.unlink(path)


@contextlib.contextmanager
def locked(world, table):
    """Nobody reads or writes the table meanwhile."""
    with subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-d", world.database],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as psql:
        psql.stdin.write(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT 'locked';\n")
        psql.stdin.flush()
        psql.stdout.readline()
        yield
        psql.stdin.close()


def backends(world):
    return world.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'nowthen' "
                      f"AND datname = '{world.name}'")


def interrupted(world, sentence, *arguments, wait_s=0.7):
    """Ctrl-C after a while: exit 130, soon, and no session stays behind at PostgreSQL."""
    log = f"interrupted-{arguments[0]}.log"
    process = world.start(*arguments, log=log)
    time.sleep(wait_s)
    check(f"{sentence}: is in the middle of its work", process.poll() is None,
          open(world.path(log), encoding="utf-8").read())
    process.send_signal(signal.SIGINT)
    code = process.wait(10)
    said = open(world.path(log), encoding="utf-8").read().strip().splitlines()[-1:]
    check(f"Ctrl-C ends it with 130 and a word: {said}",
          code == 130 and f"nowthen {arguments[0]}: " in str(said), f"exit {code}")
    wait_until("a session stays at PostgreSQL", lambda: backends(world) == "0", timeout_s=5)


def compile_interrupted(world, definitions):
    """Ctrl-C in a terminal goes to the whole group, so to the C compiler as well."""
    slow = world.write("slow-cc", "#!/bin/sh\n: >$0.runs\nexec sleep 30\n")
    os.chmod(slow, 0o755)
    process = subprocess.Popen([world.nowthen, "compile", definitions, "-o", world.path("cut-off")],
                               stderr=subprocess.PIPE, text=True, start_new_session=True,
                               env={**world.environment, "CC": slow})
    wait_until("the C compiler does not start", lambda: os.path.exists(slow + ".runs"))
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=10)[1]
    check("Ctrl-C while the C compiler runs ends compile with 130", process.returncode == 130
          and "interrupted" in said, f"{process.returncode} {said}")
    files_absent(world, "cut-off")


def questions_interrupted(world, definitions):
    changed = world.write("changed.sql", open(definitions, encoding="utf-8").read().replace(
        "count(*) AS n", "count(*) AS m"))
    registry = world.psql("SELECT * FROM nowthen.object ORDER BY 1, 2")
    with locked(world, "nowthen.object"):
        interrupted(world, "apply", "apply", changed)
    check_equal("the registry is what it was", registry,
                world.psql("SELECT * FROM nowthen.object ORDER BY 1, 2"))
    with endless(world, "".join(map(event, range(500)))) as pipe:
        interrupted(world, "eval", "eval", definitions, "--events", f"pay={pipe}", "--of",
                    "account", "--at", "2024-02-01", "-o", world.path("out.csv"))
    files_absent(world, "out.csv")
    with locked(world, "history.pay"):
        interrupted(world, "verify", "verify", "--draws", "50")


def commands_interrupted(world, spine):
    rows = "SELECT count(*), md5(string_agg(a::text, '' ORDER BY account)) FROM {} a"
    history, table = (world.psql(rows.format(each)) for each in ("history.pay", "nowthen.account"))
    with endless(world, "".join(map(event, range(500)))) as pipe:
        interrupted(world, "import --replace", "import", "pay", pipe, "--replace")
    check_equal("the history is what it was", history, world.psql(rows.format("history.pay")))
    with endless(world, "".join(map(event, range(500)))) as pipe:
        interrupted(world, "publish", "publish", "pay", pipe, wait_s=1.5)
    with locked(world, "nowthen.account"):
        interrupted(world, "materialize", "materialize")
    check_equal("its table is what it was", table, world.psql(rows.format("nowthen.account")))
    with locked(world, "history.pay"):
        interrupted(world, "snapshot", "snapshot", "account", "--spine", spine, "-o",
                    world.path("out.csv"))
    with endless(world, "a7,2024-01-20\n", "account,event_timestamp\n") as pipe:
        interrupted(world, "snapshot while it reads the spine", "snapshot", "account", "--spine",
                    pipe, "-o", world.path("out.csv"))
    files_absent(world, "out.csv")


def files_absent(world, name, where=None):
    left = [each for each in os.listdir(where or world.scratch) if each.startswith(name)]
    check_equal("no file of it is there, whole or in part", [], left)


@contextlib.contextmanager
def small_disk(world, size):
    """A disk of that size, or None where this user may not mount one."""
    path = world.path("disk")
    os.makedirs(path, exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "nowthen-test", path],
                          capture_output=True, check=False)
    if done.returncode != 0:
        print("  (may not mount a small disk: what needs one is left out)")
    try:
        yield path if done.returncode == 0 else None
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "-l", path], check=False)


def outputs_refused(world, definitions, events, spine):
    snapshot = ("snapshot", "account", "--spine", spine, "-o")
    evaluate = ("eval", definitions, "--events", f"pay={events}", "--of", "account",
                "--at", "2024-02-01")
    world.fails("snapshot into a directory that is not there",
                [*snapshot, world.path("no/out.csv")], 3, world.path("no/out.csv"))
    os.mkdir(world.path("directory"))
    world.fails("snapshot onto a directory", [*snapshot, world.path("directory")], 7,
                world.path("directory"), "directory")
    files_absent(world, "directory.")
    for what in (snapshot, (*evaluate, "-o")):
        world.fails(f"{what[0]} onto a full device", [*what, "/dev/full"], 7, "/dev/full",
                    "No space")
    check("/dev/full is a device still", stat.S_ISCHR(os.stat("/dev/full").st_mode))
    with open("/dev/full", "w", encoding="utf-8") as full:
        world.fails("eval to a standard output that is full", evaluate, 7, "standard output",
                    "No space", stdout=full)
        world.fails("snapshot to a standard output that is full", [*snapshot, "-"], 7, "No space",
                    stdout=full)
    done = world.run(*snapshot, "/dev/stdout")
    check_equal("snapshot onto /dev/stdout is snapshot onto -", world.run(*snapshot, "-").stdout,
                done.stdout)
    before = world.write("out.csv", "what was there\n")
    world.fails("snapshot of a spine with a bad line", ["snapshot", "account", "--spine",
                world.write("bad.csv", SPINE + "a1,never\n"), "-o", before], 2, "bad.csv:30002")
    check_equal("leaves the file that was there", "what was there\n",
                open(before, encoding="utf-8").read())
    os.unlink(before)
    files_absent(world, "out.csv")


def fill(disk):
    with contextlib.suppress(OSError), open(f"{disk}/filler", "wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)


def disk_full(world, definitions, events, spine):
    with small_disk(world, "256k") as disk:
        if not disk:
            return
        for name, arguments in (
                ("out.csv", ("snapshot", "account", "--spine", spine, "-o", f"{disk}/out.csv")),
                ("out.csv", ("eval", definitions, "--events", f"pay={events}", "--of", "account",
                             "--at", "2024-02-01", "-o", f"{disk}/out.csv"))):
            world.fails(f"{arguments[0]} onto a disk that is full", arguments, 7,
                        f"{disk}/out.csv", "No space")
            files_absent(world, name, disk)
        fill(disk)
        world.fails("compile onto a disk that is full", ["compile", definitions, "-o",
                    f"{disk}/program"], 7, "No space")
        files_absent(world, "program", disk)


def store_full(world):
    with small_disk(world, "3m") as disk:
        if not disk:
            return
        store = ("--store", f"{disk}/online")
        for when in ("that fills up", "that is full from the start"):
            if "full" in when:
                fill(disk)
            world.fails(f"serve into a disk {when}", ["serve", "--port", "0", "--until-end", *store],
                        7, f"nowthen serve: online store {disk}/online", "No space", "make room")
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        world.run("serve", "--port", "0", "--until-end", *store)
        full = world.inspect(f"{disk}/online")
    world.run("serve", "--port", "0", "--until-end", "--store", world.path("other"))
    check_equal("with room it goes on, and ends as if the disk had never been full",
                world.inspect(world.path("other")), full)


def test(world: World):
    definitions = world.write("definitions.sql", DEFINITIONS.replace("@", world.topic("pay")))
    events = world.write("events.jsonl", "".join(map(event, range(EVENTS))))
    spine = world.write("spine.csv", SPINE)
    world.run("apply", definitions)
    world.run("import", "pay", events)
    world.run("materialize")
    outputs_refused(world, definitions, events, spine)
    disk_full(world, definitions, events, spine)
    with open(events, encoding="utf-8") as file:
        done = world.run("publish", "pay", "/dev/stdin", stdin=file.read())
    check("publish takes a pipe to its end", f"{EVENTS} events published" in done.stdout,
          done.stdout)
    store_full(world)
    commands_interrupted(world, spine)
    questions_interrupted(world, definitions)
    compile_interrupted(world, definitions)
    service = world.serve("--store", world.path("third")).ready_wait()
    check_equal("Ctrl-C ends serve with 0: it was to run until then", 0, service.stop(signal.SIGINT))


if __name__ == "__main__":
    main("half_written", test)
