#!/usr/bin/env python3
"""One message in ten is poison: each is counted, kept in the dead letters with its own bytes, key and
headers and the reason, and none keeps a good event from being applied."""

import json
import random

import kafka
from world import World, check, check_equal, main, wait_until

MESSAGES = 4000
DEFINITIONS = """
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE pay (
  account text NOT NULL, shop int4 NOT NULL, amount float8 CHECK (amount < 1000),
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic '@', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW account AS
SELECT account, count(*) AS n, sum(amount) AS spent, max(100 / shop) AS most
FROM pay GROUP BY account;
"""
GOOD = {"account": "a", "shop": 5, "amount": 2.5, "at": "2024-01-01T10:00:00Z"}


def changed(**members):
    return json.dumps({**GOOD, **members}).encode()


def without(name):
    return json.dumps({each: value for each, value in GOOD.items() if each != name}).encode()


# (kind, its bytes, where it fails, a fragment of the reason)
POISONS = [
    ("broken JSON", b'{"account": "a", "shop": 5,', "VALUE_CONVERTER", ""),
    ("no JSON at all", b"\x00\xff\xfe not json", "VALUE_CONVERTER", ""),
    ("nothing between the ends of a message", b"", "VALUE_CONVERTER", ""),
    ("a list where an event is to be", b"[1, 2]", "VALUE_CONVERTER", ""),
    ("text where a number is to be", changed(shop="many"), "VALUE_CONVERTER", "shop"),
    ("a number too large for its column", changed(shop=1 << 40), "VALUE_CONVERTER", "shop"),
    ("an object where text is to be", changed(account={"x": 1}), "VALUE_CONVERTER", "account"),
    ("invalid UTF-8", b'{"account": "\xff", "shop": 1, "at": "2024-01-01T10:00:00Z"}',
     "VALUE_CONVERTER", ""),
    ("NULL where NOT NULL is", changed(account=None), "TRANSFORMATION", "account"),
    ("no member where NOT NULL is", without("shop"), "TRANSFORMATION", "shop"),
    ("a value that CHECK refuses", changed(amount=1000), "TRANSFORMATION", "amount"),
    ("no event time", without("at"), "TRANSFORMATION", "at"),
    ("an event time that is no time", changed(at="yesterday-ish"), "VALUE_CONVERTER", "at"),
    ("an event time of the 13th month", changed(at="2024-13-01T00:00:00Z"), "VALUE_CONVERTER", "at"),
    ("an error in an aggregate's argument", changed(shop=0), "TRANSFORMATION", "division by zero"),
]
REASONS = {"__connect.errors.topic", "__connect.errors.partition", "__connect.errors.offset",
           "__connect.errors.stage", "__connect.errors.exception.message", "nowthen.error"}


def messages_make(draw):
    """(messages, {offset: poison}, tombstones)"""
    messages, poisons, tombstones = [], {}, 0
    for offset in range(MESSAGES):
        key = draw.choice([None, b"", b"k\x00\x01"])
        headers = draw.choice([[], [("trace", b"\x00\x01"), ("trace", b"two"), ("empty", b"")]])
        kind = draw.random()
        if kind < 0.1:
            poisons[offset] = draw.choice(POISONS)
            messages.append((key, poisons[offset][1], headers))
        elif kind < 0.12:
            tombstones += 1
            messages.append((b"gone", None, headers))
        else:
            messages.append((key, changed(account=f"a{offset % 7}"), headers))
    return messages, poisons, tombstones


def letters_check(letters, messages, poisons):
    check_equal("there is a dead letter for each poison message, in order",
                [str(offset) for offset in sorted(poisons)],
                [dict(headers)["__connect.errors.offset"].decode() for _, _, headers in letters])
    for (key, value, headers), offset in zip(letters, sorted(poisons)):
        kind, _, stage, reason = poisons[offset]
        said = {name: text.decode(errors="replace") for name, text in headers if name in REASONS}
        own = [pair for pair in headers if pair[0] not in REASONS]
        if (key, value, own) != messages[offset]:
            check_equal(f"{kind}: key, bytes and headers", messages[offset], (key, value, own))
        if said["__connect.errors.stage"] != stage or reason not in said["nowthen.error"] \
                or not said["nowthen.error"] or set(said) != REASONS:
            check_equal(f"{kind}: stage and reason", (stage, reason), said)
    check("each with its own bytes, key and headers, and what was wrong with it", True)


def test(world: World):
    seed = random.randrange(1 << 32)
    print(f"dead_letters: seed {seed}")
    draw = random.Random(seed)
    topic = world.topic("pay")
    messages, poisons, tombstones = messages_make(draw)
    definitions = world.write("definitions.sql", DEFINITIONS.replace("@", topic))
    world.run("apply", definitions)
    kafka.produce(world.brokers, topic, messages)

    service = world.serve("--clock", "event").ready_wait()
    counted = {name.split('"')[1]: int(value) for name, value in service.metrics().items()
               if name.startswith("nowthen_events_total")}
    good = MESSAGES - len(poisons) - tombstones
    check_equal(f"of {MESSAGES} messages, {len(poisons)} are counted as rejected, {tombstones} as "
                "tombstones, the others as accepted",
                (good, len(poisons), tombstones),
                (counted["accepted"], counted["rejected"], counted["tombstones"]))
    _, answer = service.features({"account": [f"a{i}" for i in range(7)]}, features=["account:n"])
    check_equal("every good event is in the features", good, sum(answer["results"][-1]["values"]))
    letters_check(kafka.consume(world.brokers, topic + ".dlq"), messages, poisons)

    check_equal("SIGTERM ends it with 0", 0, service.stop())
    service = world.serve("--clock", "event").ready_wait()
    check_equal("a restart rejects none of them again", len(poisons),
                len(kafka.consume(world.brokers, topic + ".dlq")))
    kafka.produce(world.brokers, topic, [(None, b"poison", []), (None, changed(account="b"), [])])
    wait_until("the event after the poison is not applied", lambda: service.metrics()[
        'nowthen_events_total{result="accepted"}'] == good + 1)
    check_equal("what comes after the next one is applied at once", len(poisons) + 1,
                len(kafka.consume(world.brokers, topic + ".dlq")))
    check("the log names the place and not the values", "poison" not in service.said()
          and "event rejected" in service.said(), service.said())
    said = world.run("eval", definitions, "--events", "pay=" + world.write(
        "lines.jsonl", b"".join(value + b"\n" for _, value, _ in messages if value)),
        "--of", "account", "--at", "2024-01-02T00:00:00Z")
    check_equal("eval of the same lines counts the same events", good, sum(
        int(line.split(",")[1]) for line in said.stdout.splitlines()[1:]))


if __name__ == "__main__":
    main("dead_letters", test)
