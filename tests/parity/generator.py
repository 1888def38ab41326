"""Draws definition files."""
import copy
import random
import re

import functions
import windows
from aggregates import AGGREGATES, Aggregates, EventScope, Havings, RISKS_MAX, Row, TIME, column_node
from definitions import Definitions, FORMS, Join, Service, ServiceScope, Source, View, feature_node
from event_views import EventView, joined
from expressions import Maker
from kinds import ARRAYS, TYPES, element_of, is_array
from nodes import Node
from values import Column


# Of the lines of the tables, how many have their turn in a definition file.
TURNS = 30
IN_TURN = functions.in_turn() + sorted(set(AGGREGATES), key=str)
random.Random(1).shuffle(IN_TURN)
# What reads a setting, or the labels of an enum, in PostgreSQL.
STABLE = re.compile(r"concat|to_char|\|\||array_to_string|to_timestamp")
TIMES = ("timestamptz", "date", "interval", "mood")


def is_immutable(node):
    """Whether PostgreSQL takes the expression of a generated column, and all its equal values print alike."""
    for part in node.walk():
        types = [part.type] + [a.type for a in part.args]
        if any(element_of(t) in TIMES for t in types) or STABLE.search(part.sql):
            return False
        if re.search("::|CAST", part.sql) and part.args and any(map(is_array, types)):
            return False
    return True


class Generator:
    """features: how many a definition file has, about."""

    def __init__(self, rng, base_us, features, seed):
        self.rng, self.base_us, self.features, self.names = rng, base_us, features, 0
        self.turn = seed * TURNS

    def name(self, letter):
        self.names += 1
        return f"{letter}{self.names}"

    def definitions(self):
        rng = self.rng
        keys = [self.key(i + 1) for i in range(rng.randint(1, 3))]
        sources = [self.source(i + 1, keys) for i in range(rng.choice([1, 1, 2]))]
        event_views = [self.event_view(i + 1, sources) for i in range(rng.choice([0, 0, 1, 2]))]
        has_service = rng.random() < 0.6
        read = sources + 2 * event_views
        views = [self.view(i + 1, rng.choice(read)) for i in range(rng.randint(1, 3) if has_service else 1)]
        used = {v.source.name for v in views}
        event_views = [v for v in event_views if v.name in used]
        used |= {s.name for v in event_views for s in v.bases()}
        sources = [s for s in sources if s.name in used]
        count = self.features // (len(views) + (1 if has_service else 0))
        grouped = [view for view in views if not view.order]
        for view in views:
            self.fill(view, count, TURNS // max(1, len(grouped)))
        service = self.service(views, count) if has_service else None
        return Definitions(sources, event_views, views, service)

    def key(self, number):
        type_ = self.rng.choice(TYPES if self.rng.random() < 0.5 else ("text", "int4", "int8"))
        return Column(self.rng, f"k{number}", type_, self.base_us)

    def source(self, number, keys):
        rng, columns = self.rng, [copy.copy(key) for key in keys]
        for column in columns:
            column.is_not_null = rng.random() < 0.5
        types = rng.sample(TYPES, rng.randint(6, 18)) + ["jsonb"] * rng.choice([0, 0, 1, 1, 2]) + (
            ["float8"] * rng.choice([0, 1]))
        for type_ in types:
            columns.append(Column(rng, self.name("x"), type_, self.base_us,
                                  is_not_null=rng.random() < 0.15))
        time = Column(rng, TIME, "timestamptz", self.base_us, habit="near", is_not_null=True)
        columns.insert(rng.randint(0, len(columns)), time)
        source = Source(f"s{number}", columns)
        self.make_columns(source)
        for column in list(columns):
            if column.name[0] == "x" and rng.random() < 0.1:
                maker = Maker(rng, EventScope(rng, source), allows_risk=False)
                pair = [maker.compare(1), maker.make_bool(1)]
                if None not in pair:  # most events pass
                    check = Node("CHECK", "bool", "NOT ({} AND {})", pair)
                    source.checks.append((column.name, check))
        return source

    def event_view(self, number, sources):
        """Of one source with computed columns, or the events of two; some of them, often."""
        rng, view = self.rng, EventView(f"u{number}")
        first, second = sources[0], rng.choice(sources)
        names = [c.name for c in first.columns if c.name[0] == "k" or c.name == TIME]
        view.columns = [copy.copy(c) for c in first.columns if c.name in names]
        others = [[c for c in s.columns if c.name not in names and not c.known] for s in (first, second)]
        for columns in joined(rng, *others) if rng.random() < 0.7 else zip(others[0]):
            view.add(self.name("x"), [c.name for c in columns], columns[0], columns[-1].type)
        for source in (first, second)[: view.width]:
            condition = Maker(rng, EventScope(rng, source), allows_risk=False).varying("bool", 1)
            view.parts.append((source, condition if rng.random() < 0.4 and condition
                               and not condition.is_risky else None))
        for _ in range(rng.randint(0, 3) if view.width == 1 else 0):
            node = EventScope(rng, first).varying(rng.choice(TYPES), 1)
            if node is not None and node.leaf is None:
                view.compute(self.name("x"), node)
        return view

    def make_columns(self, source):
        """Defaults of columns, by a chance of their own: the rest of a seed is as it was without."""
        luck = random.Random(str(self.rng.getstate()[1][:8]))
        for column in source.columns:
            if column.name[0] == "x" and luck.random() < 0.15:
                column.default = copy.copy(column).value(luck)
        for _ in range(luck.choice([0, 0, 1, 2])):
            node = self.generated(source)
            if node is not None:
                column = Column(self.rng, self.name("x"), node.type, self.base_us)
                column.known, column.habit = node, "generated"
                source.columns.insert(luck.randint(0, len(source.columns)), column)
        plain = not any(c.type == "jsonb" for c in source.columns)
        if plain and luck.random() < 0.5:
            self.key_events(source, luck)

    def key_events(self, source, luck):
        """An event key: with the time and the entity, or of some columns."""
        columns = [c.name for c in source.columns if c.name != TIME and not c.known]
        if luck.random() < 0.5:
            source.key = [n for n in columns if n[0] == "k"] + [TIME]
            source.key += [n for n in columns if n[0] == "x" and luck.random() < 0.08]
        else:
            source.key = luck.sample(columns, luck.choice([1, 1, 2, 3]))
        luck.shuffle(source.key)
        for column in source.columns:
            if column.name in source.key:
                column.null_part = min(column.null_part, 0.02)

    def generated(self, source):
        """An expression that PostgreSQL calls immutable; of what is none itself."""
        hidden = {c.name for c in source.columns if c.known}
        for _ in range(6):
            node = EventScope(self.rng, source, hidden).varying(self.rng.choice(TYPES), 2)
            if node is not None and not node.is_near and node.args and is_immutable(node):
                return node
        return None

    def view(self, number, source):
        rng = self.rng
        keys = [c for c in source.columns if c.name[0] == "k"]
        view = View(f"v{number}", source, rng.sample(keys, rng.randint(1, len(keys))))
        # A query of WITH that is read twice computes all its columns in PostgreSQL, and fails with any.
        is_plain = not any(c.computed for c in source.columns)
        view.form = rng.choice([form for form in FORMS if is_plain or "MATERIALIZED" not in form[0]])
        if rng.random() < 0.6:
            view.window = max((windows.window(rng, TIME) for _ in range(3)), key=lambda w: w.span_us())
            view.where = list(view.window.parts)
        for _ in range(rng.choice([0, 0, 0, 0, 1, 2])):
            # PostgreSQL may evaluate the parts of WHERE in any order: one that fails must be alone.
            maker = Maker(rng, EventScope(rng, source), allows_risk=False)
            condition = maker.logic(1) if rng.random() < 0.7 else maker.varying("bool", 2)
            if condition is not None and not condition.is_risky and condition.what != "AND":
                view.where.insert(rng.randint(0, len(view.where)), condition)
        has_documents = any(c.type == "jsonb" for s in source.bases() for c in s.columns)
        if rng.random() < 0.25 and not has_documents:
            self.order(view)
        elif rng.random() < 0.2:
            view.having = self.having(view)
        return view

    def order(self, view):
        rng, hows = self.rng, ["", "ASC", "DESC", "DESC NULLS LAST", "NULLS FIRST"]
        if rng.random() < 0.5:
            view.order = [(TIME, "DESC")]
            view.frames = {f"w{i}": view.frame(rng) for i in range(rng.randint(1, 2))}
            return
        order = [c for c in view.source.columns if c.name[0] == "x" and not c.computed and not c.known]
        order = rng.sample(order, min(len(order), rng.choice([0, 0, 1, 2])))
        view.order = [(c.name, rng.choice(hows)) for c in order] + [(TIME, rng.choice(["DESC", "DESC", ""]))]

    def having(self, view):
        for _ in range(8):
            node = Maker(self.rng, Havings(self.rng, view), allows_risk=False).varying("bool", 2)
            if node is not None and not node.is_risky and not node.is_near:
                return node
        return None

    def fill_latest(self, view, count):
        """PostgreSQL computes them of all rows before it picks one: none may fail."""
        maker = Maker(self.rng, Row(self.rng, view), allows_risk=False)
        for _ in range(count):
            node = maker.expression(self.rng.choice(TYPES), self.rng.randint(0, 2))
            if not node.is_risky:
                view.features.append((self.name("f"), node))
        view.order_by_all()

    def fill(self, view, count, turns):
        if view.order:
            self.fill_latest(view, count)
            return
        scope = Aggregates(self.rng, view)
        maker = Maker(self.rng, scope)
        for _ in range(turns):
            node = self.next_of_turn(scope, maker)
            if node is not None:
                view.features.append((self.name("f"), node))
        while len(view.features) < count:
            drawn = self.rng.random()
            type_ = self.rng.choice(TYPES)
            node = scope.aggregate(type_) if drawn < 0.45 else (
                maker.expression(type_, self.rng.randint(1, 3)))
            if node is not None:
                view.features.append((self.name("f"), node))

    def next_of_turn(self, scope, maker):
        """What of the tables comes next, whatever chance says."""
        line = IN_TURN[self.turn % len(IN_TURN)]
        self.turn += 1
        found = (self.feature_of(line, scope, maker) for _ in range(5))
        return next((node for node in found if node is not None), None)

    def feature_of(self, line, scope, maker):
        """An aggregate; or a function over aggregates, or over the latest event."""
        if len(line) == 4:
            return scope.called(*line)
        type_, form, types = line
        if type_ == "any[]":
            type_ = self.rng.choice(ARRAYS)
        if type_ != "jsonb" and self.rng.random() < 0.5:
            return maker.applied(type_, form, types, 0)
        within = Maker(self.rng, scope.events, allows_risk=type_ != "jsonb")
        node = scope.events.counted(within.applied(type_, form, types, 0), RISKS_MAX + 1)
        if node is not None and type_ == "jsonb":
            node = Node("jsonb to text", "text", "({})::text", [node])
        return node and scope.latest(node)

    def service(self, views, count):
        rng = self.rng
        keys = {k.name: k for v in views for k in v.keys}
        request = [copy.copy(k) for k in keys.values()]
        request += [self.twin(k, f"p_{k.name}") for k in keys.values() if rng.random() < 0.5]
        request += [Column(rng, f"q{i}", rng.choice(TYPES + ("jsonb",) * 10), self.base_us)
                    for i in range(rng.randint(0, 4))]
        joins = []
        for view in views + ([rng.choice(views)] if rng.random() < 0.4 else []):
            joins.append(self.join(view, f"j{len(joins) + 1}", request, joins))
        service = Service(request, joins)
        service.outputs = [(self.name("o"), feature_node(j, name, n)) for j in joins
                           for name, n in j.view.features]
        maker = Maker(rng, ServiceScope(rng, service))
        for _ in range(count):
            node = maker.expression(rng.choice(TYPES), rng.randint(1, 3))
            service.outputs.append((self.name("o"), node))
        return service

    def twin(self, key, name):
        """Another column of the request that holds keys; an integer may be found by a bigint key."""
        column = copy.copy(key)
        column.name, column.twin = name, key
        if key.type == "int8" and key.habit == "small":
            column.type = self.rng.choice(["int4", "int8"])
        return column

    def join(self, view, alias, request, joins):
        by_name = {c.name: c for c in request}
        keys = [self.rng.choice([by_name[k.name], by_name.get(f"p_{k.name}", by_name[k.name])])
                for k in view.keys]
        # After a join by ON, the name of a key is no longer of one column.
        is_same = all(k.name == c.name for k, c in zip(view.keys, keys))
        is_using = is_same and self.rng.random() < 0.6 and all(j.is_using for j in joins)
        return Join(view, alias, keys, is_using)
