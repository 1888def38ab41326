"""A definition file: sources, feature views, a service; and how each is written as SQL."""
import copy

import windows
from aggregates import TIME, column_node
from nodes import Node
from values import MOODS

SERVER = "CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');\n"
MOOD = "CREATE TYPE mood AS ENUM (" + ", ".join("'" + m.replace("'", "''") + "'" for m in MOODS) + ");\n"
COMMENT = "-- Made by tests/parity"


class Source:
    def __init__(self, name, columns):
        self.name, self.columns, self.checks, self.risks = name, columns, [], 0
        self.key = []  # names of the PRIMARY KEY

    def bases(self):
        return [self]

    def sql(self):
        lines = []
        for column in self.columns:
            check = "".join(f" CHECK ({c.text()})" for name, c in self.checks if name == column.name)
            null = " NOT NULL" if column.is_not_null else ""
            lines.append(f"  {column.name} {column.type}{column.made()}{null}{check}")
        if self.key:
            lines.append(f"  PRIMARY KEY ({', '.join(self.key)})")
        return (f"CREATE FOREIGN TABLE {self.name} (\n" + ",\n".join(lines) + "\n) SERVER events OPTIONS "
                f"(topic '{self.name}', format 'json', event_time '{TIME}');\n")


# What a view reads, of the source, a key and a condition: WITH and FROM. All of these are the same rows.
FORMS = (
    ("", "{0}"), ("", "(SELECT * FROM {0}) AS {0}"),
    ("", "(SELECT * FROM {0} WHERE {1} IS NULL UNION ALL SELECT * FROM {0} WHERE {1} IS NOT NULL) AS {0}"),
    ("", "(SELECT * FROM (SELECT * FROM {0} AS a) AS b WHERE {1} IS NULL OR {1} IS NOT NULL) AS {0}"),
    ("", "(SELECT * FROM {0}{2}) AS {0}"),
    ("WITH q AS (SELECT * FROM {0})\n", "q AS {0}"),
    ("WITH p AS (SELECT * FROM {0}{2}), q AS MATERIALIZED (SELECT * FROM p WHERE {1} IS NULL UNION ALL\n"
     "  SELECT * FROM p WHERE {1} IS NOT NULL)\n", "q"),
)
FRAMES = ("", "{0}", "{0} RANGE {1} PRECEDING", "{0} RANGE BETWEEN {1} PRECEDING AND CURRENT ROW",
          "{0} RANGE BETWEEN {1} PRECEDING AND UNBOUNDED FOLLOWING", "{0} RANGE BETWEEN CURRENT ROW AND CURRENT ROW",
          "{0} RANGE UNBOUNDED PRECEDING")


class View:
    def __init__(self, name, source, keys):
        self.name, self.source, self.keys = name, source, keys
        self.form = FORMS[0]
        self.window, self.where, self.features = None, [], []  # where: texts and nodes in their order
        self.having = None
        self.order = None  # of DISTINCT ON: [(column, how)] behind the keys
        self.frames = {}  # of DISTINCT ON: what WINDOW names

    def reach(self):
        """How far back an event key is looked for: all windows are within that of WHERE."""
        if self.window is None or self.window.lower is None:
            return "for ever"
        return f"{self.window.lower.reach_us} microseconds"

    def conditions(self):
        return [part for part in self.where if isinstance(part, Node)]

    def keys_listed(self):
        return ", ".join(key.name for key in self.keys)

    def frame(self, rng):
        """What stands behind OVER."""
        form = rng.choice(FRAMES[1:4] * 2 + FRAMES)
        return f"PARTITION BY {self.keys_listed()}" + form.format(f" ORDER BY {TIME}", rng.choice(windows.INTERVALS)[0])

    def sql(self):
        items = [key.name for key in self.keys] + [f"{n.text()} AS {name}" for name, n in self.features]
        where = " AND ".join(p.text() if isinstance(p, Node) else p for p in self.where)
        where = f"\nWHERE {where}" if where else ""
        names = (self.source.name, self.keys[0].name, where.replace("\n", " "))
        first, table = (part.format(*names) for part in self.form)
        is_inside = any("{2}" in part for part in self.form)
        return (f"CREATE MATERIALIZED VIEW {self.name} AS\n{first}SELECT " +
                (f"DISTINCT ON ({self.keys_listed()}) " if self.order else "") +
                ",\n       ".join(items) +
                f"\nFROM {table}{'' if is_inside else where}\n{self.grouping()};\n")

    def grouping(self):
        if not self.order:
            having = f"\nHAVING {self.having.text()}" if self.having else ""
            return f"GROUP BY {self.keys_listed()}{having}"
        frames = "WINDOW " + ", ".join(f"{n} AS ({f})" for n, f in self.frames.items()) + "\n" if self.frames else ""
        order = "".join(f", {name} {how}" for name, how in self.order)
        return f"{frames}ORDER BY {self.keys_listed()}{order}"

    def order_by_all(self):
        """ORDER BY goes on with all columns that are read: PostgreSQL takes any of rows that tie."""
        listed = {name for name, _ in self.order} | {key.name for key in self.keys}
        read = {n.leaf.name for _, f in self.features for n in f.walk() if hasattr(n.leaf, "habit")}
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

    def has_far_keys(self):
        """Whether equal event keys may be of different times."""
        return any(source.key and TIME not in source.key for source in self.sources)

    def inputs(self):
        return self.service.request if self.service else self.asked.keys

    def outputs(self):
        return self.service.outputs if self.service else self.asked.features

    def sql(self):
        reaches = "".join(f"-- reach of {view.name}: {view.reach()}\n" for view in self.views if self.has_far_keys())
        parts = [f"{COMMENT}\n-- of: {self.asked.name}\n{reaches}", MOOD, SERVER]
        parts += [each.sql() for each in self.sources + self.event_views + self.views]
        return "\n".join(parts + ([self.service.sql()] if self.service else []))
