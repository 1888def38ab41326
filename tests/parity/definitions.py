"""A random definition file: sources, feature views, a service; and how each is written as SQL."""
import copy
import random

import windows
from event_views import EventView, joined
from expressions import DIGITS_MAX, Maker, Node, NUMBERS, ORDERED, SUMMED, TYPES, now
from values import Column, MOODS

TIME = "at"
SERVER = "CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');\n"
MOOD = "CREATE TYPE mood AS ENUM (" + ", ".join("'" + m.replace("'", "''") + "'" for m in MOODS) + ");\n"
COMMENT = "-- Made by tests/parity"
# Of a key that is equal to another but prints differently, any may stand for the entity.
KEYS_PRINTED_ONE_WAY = ("bool", "int4", "int8", "text", "timestamptz", "mood")


def column_node(column, sql=None):
    if column.computed:
        node = column.computed.copy([])
        node.what, node.sql, node.is_variable = "computed column", column.name, True
        return node
    node = Node(f"{column.type} column", column.type, sql or column.name, leaf=column, is_variable=True)
    node.is_wild, node.is_exact, node.has_one_zero = column.is_wild, column.is_exact, True
    node.is_near = False
    if column.type == "float8" and column.habit == "wild":
        node.has_one_zero = column.zero == "0"
    if column.type == "numeric":
        node.whole, node.scale = {"long": 6}.get(column.habit, 6), column.scale
        node.is_uniform = True
    if column.type == "interval":
        node.is_uniform = column.habit in ("clock", "days")
    return node


class Source:
    def __init__(self, name, columns):
        self.name, self.columns, self.checks, self.risks = name, columns, [], 0

    def bases(self):
        return [self]

    def sql(self):
        lines = []
        for column in self.columns:
            check = "".join(f" CHECK ({c.text()})" for name, c in self.checks if name == column.name)
            null = " NOT NULL" if column.is_not_null else ""
            lines.append(f"  {column.name} {column.type}{column.made()}{null}{check}")
        return (f"CREATE FOREIGN TABLE {self.name} (\n" + ",\n".join(lines) + "\n) SERVER events OPTIONS "
                f"(topic '{self.name}', format 'json', event_time '{TIME}');\n")


# Expressions of a source that may fail: each makes dead letters, and few events would be left.
RISKS_MAX = 2


class EventScope:
    def __init__(self, rng, source):
        self.rng, self.source = rng, source

    def variable(self, type_):
        fitting = [c for c in self.source.columns if c.type == type_]
        return column_node(self.rng.choice(fitting)) if fitting else None

    def varying(self, type_, depth):
        bases = self.source.bases()
        maker = Maker(self.rng, self, allows_risk=all(s.risks < RISKS_MAX for s in bases))
        node = maker.varying(type_, depth)
        if node is not None and node.is_risky:
            for source in bases:
                source.risks += 1
            if any(s.risks > RISKS_MAX for s in bases):
                return None
        return node


class Aggregates:
    """The scope of a feature: its variables are aggregates, the key and now()."""

    def __init__(self, rng, view):
        self.rng, self.view = rng, view
        self.events = EventScope(rng, view.source)

    def variable(self, type_):
        keys = [c for c in self.view.keys if c.type == type_ and type_ in KEYS_PRINTED_ONE_WAY]
        if keys and self.rng.random() < 0.15:
            return column_node(self.rng.choice(keys))
        if type_ == "timestamptz" and self.rng.random() < 0.3:
            return now()
        for _ in range(12):
            node = self.aggregate(type_)
            if node is not None and not node.is_near:
                return node
        return None

    def aggregate(self, type_, names=None):
        forms = [f for f in AGGREGATES if f[1] == type_ and (names is None or f[0] in names)]
        if not forms:
            return None
        name, _, takes, sql = self.rng.choice(forms)
        args = []
        for i, wanted in enumerate(takes):
            is_by = i == 1 and wanted in (None, "timestamptz")
            argument = self.argument(self.rng.choice(ORDERED) if wanted is None else wanted, is_by)
            if argument is None:
                return None
            args.append(argument)
        checked = args if name == "regr_avgy" else args[:1]
        if not all(argument_fits(name, argument) for argument in checked):
            return None
        return self.filtered(name, type_, args, sql)

    def argument(self, type_, is_by):
        """What first and last order by is most often the event time."""
        if is_by and self.rng.random() < 0.6:
            return column_node(next(c for c in self.view.source.columns if c.name == TIME))
        if self.rng.random() < 0.6:
            return self.events.variable(type_)
        return self.events.varying(type_, self.rng.randint(1, 2))

    def filtered(self, name, type_, args, call):
        parts, conditions, what = [], [], ""
        if self.rng.random() < 0.6:
            window = windows.window(self.rng, TIME)
            if self.view.window is None or window.compares(self.view.window):
                parts, what = list(window.parts), window.what
        if self.rng.random() < 0.3:
            condition = self.events.varying("bool", self.rng.randint(1, 2))
            if condition is not None:
                conditions.append(condition)
                parts.insert(self.rng.randint(0, len(parts)), "{}")
        fraction, half_life = self.rng.choice(FRACTIONS), self.rng.choice(HALF_LIVES)
        call = call.replace("FRACTION", fraction).replace("HALF_LIFE", half_life)
        sql = call + (f" FILTER (WHERE {' AND '.join(parts)})" if parts else "")
        label = f"{name}({', '.join(a.type for a in args) or '*'})"
        node = Node(label, type_, sql, args + conditions, is_risky=True, is_variable=True)
        node.argument_count = len(args)
        return self.describe(node, name, args, what)

    def describe(self, node, name, args, window):
        node.leaf = (label_of(window, node), None)
        first = args[0] if args else None
        node.is_wild = first.is_wild if first and name not in COUNTS else False
        node.is_exact = bool(first) and first.is_exact and name in CHOICES + ("sum",)
        node.has_one_zero = name in CHOICES + COUNTS
        node.is_near = node.type == "float8" and (
            name in SPREADS or name in ("decayed_sum", "decayed_count")
            or name.split()[0] in ("sum", "avg", "regr_avgy") and not first.is_exact)
        if node.type == "numeric":
            self.describe_numeric(node, name, first)
        return node

    def describe_numeric(self, node, name, first):
        node.whole, node.scale = first.whole + (0 if name in CHOICES else 4), first.scale
        node.is_uniform = first.is_uniform and not name.startswith("avg")
        if name.startswith("avg"):
            node.scale = max(20, first.scale)
        if name in SPREADS:
            node.whole, node.scale, node.is_uniform = 2 * first.whole + 4, max(20, 2 * first.scale), False


class Havings(Aggregates):
    """The scope of HAVING: aggregates that cannot fail, since an error in it is one of the whole row."""

    def aggregate(self, type_, names=None):
        node = super().aggregate(type_, COUNTS + CHOICES + ("bool_and", "bool_or", "every"))
        if node is not None:
            node.is_risky = False
        return node


class Row:
    """The scope of a feature of DISTINCT ON: columns of the row, of which equal ones print the same."""

    def __init__(self, rng, view):
        self.rng, self.view = rng, view

    def variable(self, type_):
        if type_ == "timestamptz" and self.rng.random() < 0.2:
            return now()
        fitting = [c for c in self.view.source.columns if c.type == type_ and not c.computed]
        fitting = [n for n in map(column_node, fitting) if choice_fits(n)]
        return self.rng.choice(fitting) if fitting else None


def label_of(window, node):
    condition = "condition" if len(node.args) > node.argument_count else ""
    return " and ".join(filter(None, [window, condition])) or "no FILTER"


def sum_fits(argument):
    """A sum that no order of the values changes, in PostgreSQL either; positive ones nearly so."""
    if argument.is_wild:
        return False
    is_positive = argument.leaf is not None and argument.leaf.habit == "positive"
    return argument.type != "float8" or argument.is_exact or is_positive


def choice_fits(argument):
    """Values that PostgreSQL calls equal print the same."""
    if argument.type == "float8":
        return argument.leaf is not None or argument.has_one_zero
    if argument.type == "interval":
        return argument.is_uniform and (argument.leaf is not None or "timestamptz -" in argument.what)
    return argument.type != "numeric" or argument.is_uniform


def argument_fits(name, argument):
    if name in COUNTS:
        return True
    if name in ("sum", "avg"):
        return sum_fits(argument)
    if name in ("sum DISTINCT", "avg DISTINCT"):
        return sum_fits(argument) and choice_fits(argument)
    if name.startswith("stddev") and argument.type in ("int8", "numeric"):
        return 2 * argument.whole < DIGITS_MAX  # it is the root of a numeric that must have room
    if name in SPREADS or name == "regr_avgy":
        return argument.type != "float8" or argument.is_exact and not argument.is_wild
    if name == "decayed_sum":  # no two cancel
        return argument.leaf is not None and argument.leaf.habit == "positive"
    return choice_fits(argument)


COUNTS = ("count", "count DISTINCT", "approx_count_distinct", "approx_percentile", "decayed_count",
          "regr_count")
CHOICES = ("first", "last", "min_by", "max_by", "min", "max", "mode", "percentile_disc")
SPREADS = ("variance", "var_samp", "var_pop", "stddev", "stddev_samp", "stddev_pop")
FRACTIONS = ("0", "0.25", "0.5", "0.9", "1", "1/3.0", "0.999::float8")
# So long that only times far out of the data are so many half-lives old that a float8 loses digits.
HALF_LIVES = ("interval '1 day'", "'36 hours'", "interval '10 days'", "interval '400 days 00:00:00.5'")


def aggregates():
    """(name, result type, argument types, call); None is any ordered type."""
    forms = [("count", "int8", (), "count(*)")]

    def add(name, result, takes, call=None, copies=1):
        plain = f"{name}({', '.join(['{}'] * len(takes))})"
        forms.extend([(name, result, takes, call or plain)] * copies)

    for type_ in SUMMED:
        summed = {"int4": "int8", "int8": "numeric"}.get(type_, type_)
        mean = "numeric" if type_ in NUMBERS[:3] else type_
        for name, result in (("sum", summed), ("avg", mean)):
            add(name, result, (type_,), copies=2)
            add(f"{name} DISTINCT", result, (type_,), f"{name}(DISTINCT {{}})")
    for type_ in NUMBERS:
        for name in SPREADS:
            add(name, "float8" if type_ == "float8" else "numeric", (type_,))
    for type_ in TYPES:
        add("count", "int8", (type_,))
        add("count DISTINCT", "int8", (type_,), "count(DISTINCT {})")
        add("approx_count_distinct", "int8", (type_,))
        add("mode", type_, (type_,), "mode() WITHIN GROUP (ORDER BY {})")
        add("percentile_disc", type_, (type_,), "percentile_disc(FRACTION) WITHIN GROUP (ORDER BY {})")
        for name in ("first", "last", "min_by", "max_by"):
            add(name, type_, (type_, None))
    for type_ in ORDERED:
        add("min", type_, (type_,))
        add("max", type_, (type_,))
    for type_ in ("float8", "interval"):
        add("median", type_, (type_,))
        add("percentile_cont", type_, (type_,), "percentile_cont(FRACTION) WITHIN GROUP (ORDER BY {})")
    for name in ("bool_and", "bool_or", "every"):
        add(name, "bool", ("bool",))
    add("regr_count", "int8", ("float8", "float8"))
    add("regr_avgy", "float8", ("float8", "float8"))
    add("approx_percentile", "float8", ("float8",), "approx_percentile(FRACTION, {})", copies=2)
    add("decayed_sum", "float8", ("float8", "timestamptz"), "decayed_sum({}, {}, HALF_LIFE)", copies=6)
    add("decayed_count", "float8", ("timestamptz",), "decayed_count({}, HALF_LIFE)", copies=2)
    return forms


AGGREGATES = aggregates()


# What a view reads, of the source and a key: all of these are the same rows.
FORMS = ("{0}",
         "(SELECT * FROM {0}) AS {0}",
         "(SELECT * FROM {0} WHERE {1} IS NULL UNION ALL SELECT * FROM {0} WHERE {1} IS NOT NULL) AS {0}")


class View:
    def __init__(self, name, source, keys):
        self.name, self.source, self.keys = name, source, keys
        self.form = FORMS[0]
        self.window, self.where, self.features = None, [], []  # where: texts and nodes in their order
        self.having = None
        self.order = None  # of DISTINCT ON: [(column, how)] behind the keys

    def conditions(self):
        return [part for part in self.where if isinstance(part, Node)]

    def keys_listed(self):
        return ", ".join(key.name for key in self.keys)

    def sql(self):
        items = [key.name for key in self.keys] + [f"{n.text()} AS {name}" for name, n in self.features]
        where = " AND ".join(p.text() if isinstance(p, Node) else p for p in self.where)
        return (f"CREATE MATERIALIZED VIEW {self.name} AS\nSELECT " +
                (f"DISTINCT ON ({self.keys_listed()}) " if self.order else "") +
                ",\n       ".join(items) +
                f"\nFROM {self.form.format(self.source.name, self.keys[0].name)}\n" +
                (f"WHERE {where}\n" if where else "") + self.grouping() + ";\n")

    def grouping(self):
        if not self.order:
            having = f"\nHAVING {self.having.text()}" if self.having else ""
            return f"GROUP BY {self.keys_listed()}{having}"
        return f"ORDER BY {self.keys_listed()}" + "".join(f", {name} {how}" for name, how in self.order)

    def order_by_all(self):
        """ORDER BY goes on with all columns that are read: PostgreSQL takes any of rows that tie."""
        listed = {name for name, _ in self.order} | {key.name for key in self.keys}
        read = {n.leaf.name for _, f in self.features for n in f.walk() if n.leaf is not None}
        self.order += [(c.name, "DESC NULLS LAST") for c in self.source.columns
                       if c.name in read and c.name not in listed]


class Join:
    """keys: the request's column for each key of the view; is_using: they have the same names."""

    def __init__(self, view, alias, keys, is_using):
        self.view, self.alias, self.keys, self.is_using = view, alias, keys, is_using

    def condition(self, left=None):
        pairs = zip(self.view.keys, self.keys)
        return " AND ".join(f"{left or self.alias}.{key.name} = r.{column.name}" for key, column in pairs)

    def sql(self):
        by = f"USING ({', '.join(k.name for k in self.view.keys)})" if self.is_using else (
            f"ON {self.condition()}")
        return f"LEFT JOIN {self.view.name} {self.alias} {by}\n"


class Service:
    def __init__(self, request, joins):
        self.name, self.request, self.joins, self.outputs = "service", request, joins, []

    def sql(self):
        columns = ", ".join(f"{c.name} {c.type}" for c in self.request)
        items = ",\n       ".join(f"{n.text()} AS {name}" for name, n in self.outputs)
        return (f"CREATE FOREIGN TABLE request_row ({columns}) SERVER request;\n\n"
                f"CREATE VIEW {self.name} AS\nSELECT {items}\nFROM request_row r\n" +
                "".join(join.sql() for join in self.joins).rstrip() + ";\n")


class ServiceScope:
    def __init__(self, rng, service):
        self.rng, self.service = rng, service

    def variable(self, type_):
        found = [column_node(c, f"r.{c.name}") for c in self.service.request if c.type == type_]
        for join in self.service.joins:
            found += [feature_node(join, name, n) for name, n in join.view.features
                      if n.type == type_ and not n.is_near]
        return self.rng.choice(found) if found else None


def feature_node(join, name, feature):
    node = feature.copy([])
    node.what, node.sql, node.leaf = "feature of a view", f"{join.alias}.{name}", (join.alias, name)
    node.is_variable, node.is_risky, node.argument_count = True, True, None
    return node


class Definitions:
    """event_views: what feature views may read in place of a source; service is None where a view is
    asked."""

    def __init__(self, sources, event_views, views, service):
        self.sources, self.event_views, self.views, self.service = sources, event_views, views, service

    def copy(self):
        """Lists may be replaced in the copy without changing this; expressions are shared."""
        views = {v.name: copy.copy(v) for v in self.views}
        new = Definitions([copy.copy(s) for s in self.sources], [], list(views.values()), None)
        by_name = {s.name: s for s in new.sources}
        new.event_views = [view.over(by_name) for view in self.event_views]
        by_name.update({v.name: v for v in new.event_views})
        for view in new.views:
            view.source = by_name[view.source.name]
            view.features, view.where = list(view.features), list(view.where)
        if self.service:
            new.service = copy.copy(self.service)
            new.service.joins = [Join(views[j.view.name], j.alias, j.keys, j.is_using)
                                 for j in self.service.joins]
            new.service.outputs = list(self.service.outputs)
        return new

    @property
    def asked(self):
        return self.service or self.views[-1]

    def inputs(self):
        return self.service.request if self.service else self.asked.keys

    def outputs(self):
        return self.service.outputs if self.service else self.asked.features

    def sql(self):
        parts = [f"{COMMENT}\n-- of: {self.asked.name}\n", MOOD, SERVER]
        parts += [each.sql() for each in self.sources + self.event_views + self.views]
        return "\n".join(parts + ([self.service.sql()] if self.service else []))


class Generator:
    """features: how many a definition file has, about."""

    def __init__(self, rng, base_us, features):
        self.rng, self.base_us, self.features, self.names = rng, base_us, features, 0

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
        for view in views:
            self.fill(view, count)
        service = self.service(views, count) if has_service else None
        return Definitions(sources, event_views, views, service)

    def key(self, number):
        type_ = self.rng.choice(TYPES if self.rng.random() < 0.5 else ("text", "int4", "int8"))
        return Column(self.rng, f"k{number}", type_, self.base_us)

    def source(self, number, keys):
        rng, columns = self.rng, [copy.copy(key) for key in keys]
        for column in columns:
            column.is_not_null = rng.random() < 0.5
        types = list(TYPES) + [rng.choice(TYPES) for _ in range(rng.randint(0, 6))]
        types = rng.sample(types, rng.randint(6, len(types)))
        for type_ in types:
            columns.append(Column(rng, self.name("x"), type_, self.base_us,
                                  is_not_null=rng.random() < 0.15))
        time = Column(rng, TIME, "timestamptz", self.base_us, habit="near", is_not_null=True)
        columns.insert(rng.randint(0, len(columns)), time)
        source = Source(f"s{number}", columns)
        self.make_columns(source)
        for column in columns:
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
        others = [[c for c in s.columns if c.name not in names] for s in (first, second)]
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


    def view(self, number, source):
        rng = self.rng
        keys = [c for c in source.columns if c.name[0] == "k"]
        view = View(f"v{number}", source, rng.sample(keys, rng.randint(1, len(keys))))
        view.form = rng.choice(FORMS)
        if rng.random() < 0.6:
            view.window = max((windows.window(rng, TIME) for _ in range(3)), key=lambda w: w.span_us())
            view.where = list(view.window.parts)
        for _ in range(rng.choice([0, 0, 0, 0, 1, 2])):
            # PostgreSQL may evaluate the parts of WHERE in any order: one that fails must be alone.
            maker = Maker(rng, EventScope(rng, source), allows_risk=False)
            condition = maker.logic(1) if rng.random() < 0.7 else maker.varying("bool", 2)
            if condition is not None and not condition.is_risky and condition.what != "AND":
                view.where.insert(rng.randint(0, len(view.where)), condition)
        if rng.random() < 0.15:
            hows = ["", "ASC", "DESC", "DESC NULLS LAST", "NULLS FIRST"]
            order = [c for c in source.columns if c.name[0] == "x" and not c.computed]
            order = rng.sample(order, min(len(order), rng.choice([0, 0, 1, 2])))
            view.order = [(c.name, rng.choice(hows)) for c in order] + [(TIME, rng.choice(["DESC", "DESC", ""]))]
        elif rng.random() < 0.2:
            view.having = self.having(view)
        return view

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

    def fill(self, view, count):
        if view.order:
            self.fill_latest(view, count)
            return
        scope = Aggregates(self.rng, view)
        maker = Maker(self.rng, scope)
        while len(view.features) < count:
            drawn = self.rng.random()
            type_ = self.rng.choice(TYPES)
            node = scope.aggregate(type_) if drawn < 0.45 else (
                maker.expression(type_, self.rng.randint(1, 3)))
            if node is not None:
                view.features.append((self.name("f"), node))

    def service(self, views, count):
        rng = self.rng
        keys = {k.name: k for v in views for k in v.keys}
        request = [copy.copy(k) for k in keys.values()]
        request += [self.twin(k, f"p_{k.name}") for k in keys.values() if rng.random() < 0.5]
        request += [Column(rng, f"q{i}", rng.choice(TYPES), self.base_us) for i in range(rng.randint(0, 4))]
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
