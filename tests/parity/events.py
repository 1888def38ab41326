"""Random events of a definition file's sources and the spine that is asked of them.

Times lie on each other and on the ends of windows to the microsecond; a few events are late, in the
future or far away. Events and spine are text, as in a case: lines of JSON and records of CSV.
"""
import collections
import random
import re

import windows
from aggregates import TIME
from values import json_value, time_text

DAY = windows.DAY
# A leap day, a turn of the year, of the century, a daylight-saving night that UTC does not have.
BASES_US = [1582934400 * 10**6, 1704067200 * 10**6, 946684800 * 10**6, 1616893200 * 10**6]


# What the values of events must not lack, as it is found in their lines.
KINDS = {
    "NULL": r": null", "NaN": r': "NaN"', "infinity": r': "-?[Ii]nfinity"', "empty text": r': ""',
    "text beyond ASCII": r"[^\x00-\x7f]", "quoted text": r'\\"', "negative zero": r': "?-0[,"}]',
    "extreme integer": r"2147483648\b|[^0-9]2147483647\b|922337203685477580[78]",
    "extreme float": r"e[+-]30[78]|5e-324", "time before Christ": r" BC\b",
}


class Data:
    """events: lines by source; spine: (values of the inputs, T), all text; times: pairs of an event and
    a T of the spine that are what the name says."""

    def __init__(self, events, spine, times=()):
        self.events, self.spine, self.times = events, spine, dict(times)

    def copy(self):
        return Data({name: list(lines) for name, lines in self.events.items()}, list(self.spine))

    def kinds(self):
        """How often there is what goes wrong most easily."""
        text = "\n".join(line for lines in self.events.values() for line in lines)
        found = collections.Counter({kind: len(re.findall(form, text)) for kind, form in KINDS.items()})
        found.update(self.times)
        return found


def at_bin(us):
    """The start of a quarter of an hour."""
    return us - us % (900 * windows.SECOND)


def csv_field(text):
    if text is None:
        return ""
    if text == "" or any(c in text for c in ',"\n\r') or text != text.strip() or text == "\\.":
        return '"' + text.replace('"', '""') + '"'
    return text


def spine_csv(definitions, data):
    header = [column.name for column in definitions.inputs()] + ["event_timestamp"]
    rows = [",".join(map(csv_field, list(values) + [at])) for values, at in data.spine]
    return "\n".join([",".join(header)] + rows) + "\n"


class Teller:
    """Draws the data of one definition file."""

    def __init__(self, rng, definitions, base_us):
        self.rng, self.definitions, self.base_us = rng, definitions, base_us
        self.luck = random.Random(str(rng.getstate()[1][:8]))
        self.anchors = [base_us + rng.randint(-3 * DAY, 3 * DAY) for _ in range(4)]
        self.anchors += [base_us, base_us + DAY, base_us - 30 * DAY]
        self.times, self.keys, self.pools = [], [], {}
        self.met = {}  # by source: the time and the event key of its events
        windows_read = [view.window for view in definitions.views if view.window and view.window.lower]
        self.steps = [us for _, us in windows.INTERVALS] + [w.lower.reach_us for w in windows_read] * 4

    def data(self, event_count, time_count, rows_per_time):
        sources = self.definitions.sources
        events = {s.name: [self.event(s) for _ in range(event_count // len(sources))] for s in sources}
        times = [self.asked_time() for _ in range(time_count)]
        spine = [(self.asked_inputs(), time_text(at)) for at in times
                 for _ in range(self.rng.randint(1, 2 * rows_per_time - 1))]
        return Data(events, spine, self.times_met(times))

    def times_met(self, asked):
        happened = collections.Counter(self.times)
        return {
            "event at the time of another": len(self.times) - len(happened),
            "event at T": sum(happened[at] for at in asked),
            "event after T": sum(at > least for at in self.times for least in asked),
            "event at the end of a window": sum(
                happened[at - us] for at in asked for _, us in windows.INTERVALS),
        }

    def pool(self, column):
        """The values of a key: few, so that entities have many events."""
        name = getattr(column, "twin", column).name
        if name not in self.pools:
            column = getattr(column, "twin", column)
            self.pools[name] = list({self.not_null(column) for _ in range(self.rng.choice([2, 3, 4]))})
        return self.pools[name]

    def not_null(self, column):
        text = column.value(self.rng)
        return self.not_null(column) if text is None else text

    def key_value(self, column):
        if self.rng.random() < (0.01 if column.is_not_null else 0.04):
            return None
        return self.rng.choice(self.pool(column))

    def event_time(self):
        rng, drawn = self.rng, self.rng.random()
        if drawn < 0.25 and self.times:
            return rng.choice(self.times) + rng.choice([0, 0, 0, 1, -1])
        if drawn < 0.3:
            return self.base_us + rng.choice([-400, -200, -31, 20, 100]) * DAY + rng.randint(0, DAY)
        if drawn < 0.4:
            return (self.base_us // DAY + rng.randint(-3, 3)) * DAY + rng.choice([0, 0, 1, -1])
        if drawn < 0.43:
            return at_bin(self.base_us + rng.randint(-2 * DAY, 2 * DAY)) + rng.choice([0, 0, -1])
        if drawn < 0.5 and self.times:
            return rng.choice(self.times) - rng.choice(windows.INTERVALS)[1]
        spread = rng.choice([10, 10**6, 600 * 10**6, DAY])
        return rng.choice(self.anchors) + rng.randint(-spread, spread)

    def event(self, source):
        at = self.event_time()
        self.times.append(at)
        fields, known = [], dict(self.event_keys(source))
        if source.key and self.met.get(source.name) and self.luck.random() < 0.3:
            at, again = self.luck.choice(self.met[source.name])
            known.update(again)
            if TIME not in source.key:
                at += self.luck.choice([0, 0, 1, -1]) * self.luck.choice(self.steps)
        told = dict(known)
        for column in source.columns:
            if column.known and self.luck.random() < 0.995:
                continue
            if column.name == TIME:
                text = self.time_written(at)
            else:
                text = known[column.name] if column.name in known else column.value(self.rng)
            told[column.name] = text
            if column.default is not None and self.luck.random() < 0.2:
                continue
            if text is None and self.rng.random() < 0.3:
                continue  # a field that is missing is NULL, or its default
            fields.append(f'"{column.name}": {json_value(self.rng, column.type, text)}')
        if self.rng.random() < 0.02:
            fields.append('"no_column": [1, {"x": null}]')
        self.met.setdefault(source.name, []).append((at, {name: told.get(name) for name in source.key if name != TIME}))
        self.rng.shuffle(fields)
        return "{" + ", ".join(fields) + "}"

    def event_keys(self, source):
        """A new entity now and then, else one that has events."""
        if len(self.keys) > 5 and self.rng.random() < 0.9:
            return self.rng.choice(self.keys)
        keys = {c.name: self.key_value(c) for c in source.columns if c.name[0] == "k"}
        self.keys.append(keys)
        return keys

    def time_written(self, us):
        drawn = self.rng.random()
        if drawn < 0.005:
            return None
        if drawn < 0.2:
            return time_text(us + 9000 * 10**6).replace("+00", "+02:30")
        text = time_text(us)
        return text.replace(" ", "T").replace("+00", "Z") if drawn < 0.7 else text

    def asked_time(self):
        rng, drawn = self.rng, self.rng.random()
        if drawn < 0.1 or not self.times:
            return (self.base_us // DAY + rng.randint(-2, 5)) * DAY + rng.choice([0, 1, -1])
        if drawn < 0.15:
            return self.base_us + rng.choice([-500, 40, 300, 3000]) * DAY
        time = max(rng.choice(self.times) for _ in range(rng.choice([1, 2, 4])))
        if drawn < 0.5:
            time += rng.choice(windows.INTERVALS)[1]
        return time + rng.choice([0, 0, 1, -1])

    def asked_inputs(self):
        """Of an entity that has events, most often."""
        keys, others = self.rng.choice(self.keys), self.rng.choice(self.keys)
        inputs = []
        for column in self.definitions.inputs():
            name, drawn = getattr(column, "twin", column).name, self.rng.random()
            if column.name[0] == "q":
                inputs.append(column.value(self.rng))
            elif drawn < 0.02:
                inputs.append(self.not_null(getattr(column, "twin", column)))
            elif drawn < 0.04:
                inputs.append(None)
            else:
                inputs.append((others if column.name[0] == "p" else keys)[name])
        return tuple(inputs)
