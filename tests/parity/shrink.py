"""A difference made small: fewer outputs, rows, events, views and columns, and simpler expressions, as
long as a difference of its kind stays. Each step asks both again, so the whole is bounded by a count."""
import json
import random
import re

from aggregates import TIME
from definitions import feature_node
from event_views import EventView
from nodes import Node, literal

ASKS_MAX = 260


class Shrinker:
    def __init__(self, trial, kind):
        self.trial, self.kind, self.asks = trial, kind, 0
        self.best = None

    def fails(self, definitions, data):
        """The first difference of the kind, or None."""
        if self.asks >= ASKS_MAX:
            return None
        self.asks += 1
        outcome = self.trial.run(definitions, data)
        return next((d for d in outcome.differences if d.kind == self.kind), None)

    def keep(self, definitions, data):
        if self.fails(definitions, data) is None:
            return False
        self.best = (definitions, data)
        return True

    def shrink(self, definitions, data, difference):
        self.best = (definitions, data)
        if difference.kind == "value":
            self.one_value(difference)
        self.fewer_outputs()
        self.view_alone()
        for _ in range(2):
            self.fewer_rows()
            self.fewer_events()
            self.fewer_conditions()
            self.fewer_views()
            self.fewer_outputs()
            self.simpler()
        self.fewer_columns()
        self.fewer_fields()
        return self.best

    def one_value(self, difference):
        definitions, data = self.best
        small, few = definitions.copy(), data.copy()
        small.outputs()[:] = [definitions.outputs()[difference.output]]
        few.spine = [data.spine[difference.row]]
        self.keep(small, few)

    def less(self, items, attempt):
        """Delta debugging: the items without parts of it, ever smaller ones, while attempt(items)."""
        size = max(1, len(items) // 2)
        while items and self.asks < ASKS_MAX:
            at = 0
            while at < len(items):
                fewer = items[:at] + items[at + size:]
                if len(fewer) < len(items) and attempt(fewer):
                    items = fewer
                else:
                    at += size
            if size == 1:
                break
            size = (size + 1) // 2 if size > 2 else 1

    def fewer_outputs(self):
        def attempt(outputs):
            small = self.best[0].copy()
            small.outputs()[:] = outputs
            return bool(outputs) and self.keep(small, self.best[1])

        self.less(list(self.best[0].outputs()), attempt)

    def view_alone(self):
        """A service's output that is a feature, asked of its view."""
        definitions, data = self.best
        if not definitions.service:
            return
        for join in definitions.service.joins:
            small, few = definitions.copy(), data.copy()
            small.service = None
            view = next(v for v in small.views if v.name == join.view.name)
            small.views.remove(view)
            small.views.append(view)
            places = [definitions.service.request.index(column) for column in join.keys]
            few.spine = [(tuple(values[i] for i in places), at) for values, at in data.spine]
            if self.keep(small, few):
                return

    def fewer_rows(self):
        def attempt(rows):
            few = self.best[1].copy()
            few.spine = rows
            return self.keep(self.best[0], few)

        self.less(list(self.best[1].spine), attempt)

    def fewer_events(self):
        for name in list(self.best[1].events):
            def attempt(lines, name=name):
                few = self.best[1].copy()
                few.events[name] = lines
                return self.keep(self.best[0], few)

            if not attempt([]):
                self.less(self.best[1].events[name], attempt)

    def fewer_views(self):
        """Joins, features, views and sources that are not needed."""
        definitions = self.best[0]
        if definitions.service:
            for i in reversed(range(len(definitions.service.joins))):
                small = self.best[0].copy()
                alias = small.service.joins.pop(i).alias
                reads = any(n.leaf and n.leaf[0] == alias for _, o in small.service.outputs
                            for n in o.walk() if isinstance(n.leaf, tuple))
                if small.service.joins and not reads:
                    self.keep(self.without_unused(small), self.best[1])
        self.keep_whole(self.without_unused(self.best[0].copy()))
        self.drop_features()

    def without_unused(self, small):
        if small.service:
            used = {j.view.name for j in small.service.joins}
            small.views = [v for v in small.views if v.name in used]
        else:
            small.views = small.views[-1:]
        names = {v.source.name for v in small.views}
        small.event_views = [v for v in small.event_views if v.name in names]
        names |= {s.name for v in small.event_views for s in v.bases()}
        small.sources = [s for s in small.sources if s.name in names]
        return small

    def keep_whole(self, small):
        few = self.best[1].copy()
        few.events = {s.name: few.events[s.name] for s in small.sources}
        self.keep(small, few)

    def drop_features(self):
        """Of a service's views, features that it does not read."""
        small = self.best[0].copy()
        if not small.service:
            return
        read = {n.leaf[1] for _, o in small.service.outputs for n in o.walk() if isinstance(n.leaf, tuple)}
        for view in small.views:
            view.features = [f for f in view.features if f[0] in read]
        self.keep(small, self.best[1])

    def fewer_conditions(self):
        for index in range(len(self.best[0].views)):
            def attempt(parts, index=index):
                small = self.best[0].copy()
                small.views[index].where = parts
                return self.keep(small, self.best[1])

            if self.best[0].has_far_keys():
                attempt(self.best[0].views[index].window.parts if self.best[0].views[index].window else [])
            elif self.best[0].views[index].where and not attempt([]):
                self.less(list(self.best[0].views[index].where), attempt)
        for index in range(len(self.best[0].views)):
            small = self.best[0].copy()
            if small.views[index].having:
                small.views[index].having = None
                self.keep(small, self.best[1])
        self.fewer_event_parts()
        for index in range(len(self.best[0].sources)):
            small = self.best[0].copy()
            if small.sources[index].checks:
                small.sources[index].checks = []
                self.keep(small, self.best[1])

    def fewer_event_parts(self):
        """Views of events with one SELECT less, without conditions, without columns."""
        for index in range(len(self.best[0].event_views)):
            for change in (EventView.one_part, EventView.all_events):
                small = self.best[0].copy()
                if change(small.event_views[index]):
                    self.keep(small, self.best[1])

            def attempt(columns, index=index):
                small = self.best[0].copy()
                small.event_views[index].columns = columns
                return self.keep(small, self.best[1])

            self.less(list(self.best[0].event_views[index].columns), attempt)
        self.keep_whole(self.without_unused(self.best[0].copy()))

    # expressions

    def simpler(self):
        definitions = self.best[0]
        owners = [("view", i, j) for i, v in enumerate(definitions.views) for j in range(len(v.features))]
        owners += [("where", i, j) for i, v in enumerate(definitions.views) for j, p in enumerate(v.where)
                   if isinstance(p, Node)]
        if definitions.service:
            owners += [("service", 0, j) for j in range(len(definitions.service.outputs))]
        for owner in owners:
            while self.asks < ASKS_MAX and self.simplify(owner):
                pass

    def place(self, definitions, owner):
        kind, i, j = owner
        if kind == "where":
            return definitions.views[i].where, j
        return (definitions.views[i].features if kind == "view" else definitions.service.outputs), j

    def simplify(self, owner):
        items, j = self.place(self.best[0], owner)
        if j >= len(items):
            return False
        old = items[j] if owner[0] == "where" else items[j][1]
        for new in simpler_ones(old, True):
            small = self.best[0].copy()
            items, j = self.place(small, owner)
            items[j] = new if owner[0] == "where" else (items[j][0], new)
            if owner[0] == "view" and small.service:
                retype(small)
            if self.keep(small, self.best[1]):
                return True
        return False

    def fewer_columns(self):
        for source in list(self.best[0].sources):
            for column in list(source.columns):
                if column.name == TIME:
                    continue
                small = self.best[0].copy()
                mine = next(s for s in small.sources if s.name == source.name)
                mine.columns = [c for c in mine.columns if c.name != column.name]
                text = " ".join(v.sql() for v in small.event_views + small.views)
                if f"{column.name} " not in text.replace(",", " ").replace(")", " ").replace("\n", " "):
                    self.keep(small, self.best[1])

    def fewer_fields(self):
        """Columns that are gone are gone from the events too."""
        few = self.best[1].copy()
        for source in self.best[0].sources:
            names = {c.name for c in source.columns}
            lines = []
            for line in few.events.get(source.name, []):
                kept = [f'"{name}": {value}' for name, value in fields_written(line) if name in names]
                lines.append("{" + ", ".join(kept) + "}")
            few.events[source.name] = lines
        self.keep(self.best[0], few)


def fields_written(line):
    """Names and values of an object as they are written."""
    decoder, at = json.JSONDecoder(), 1
    while line[at] != "}":
        name, at = decoder.raw_decode(line, at)
        start = re.compile(r"\s*:\s*").match(line, at).end()
        _, end = decoder.raw_decode(line, start)
        yield name, line[start:end]
        at = re.compile(r"\s*,?\s*").match(line, end).end()


def retype(definitions):
    """Features that a service reads may have become other ones of the same name."""
    for join in definitions.service.joins:
        named = dict(join.view.features)
        definitions.service.outputs = [
            (name, feature_node(join, node.leaf[1], named[node.leaf[1]])
             if isinstance(node.leaf, tuple) and node.leaf[0] == join.alias and node.leaf[1] in named
             else node) for name, node in definitions.service.outputs]


def simpler_ones(node, is_top):
    """Expressions with one part less: an argument in its stead, a literal, or a simpler argument."""
    if node.argument_count is None:
        for argument in node.args:
            if (is_top or argument.type == node.type) and argument.what != "NULL":
                yield argument
    if not is_top and node.args and node.argument_count is None:
        yield literal(random.Random(0), node.type)
    if node.argument_count is not None and " FILTER " in node.sql and not node.sql.startswith("(array_agg"):
        bare = node.copy(node.args[: node.argument_count])
        call, over, frame = node.sql.partition(" OVER ")
        bare.sql = call.partition(" FILTER ")[0] + over + frame
        yield bare
    for i, argument in enumerate(node.args):
        for new in simpler_ones(argument, False):
            yield node.copy(node.args[:i] + [new] + node.args[i + 1:])
