"""Views of events: columns of a source, computed ones, or the events of two sources on one timeline."""
import copy


def joined(rng, first, second):
    """Pairs of columns that may be one column of UNION ALL: what is known of one is true of both."""
    rest, pairs = list(second), []
    for column in first:
        fitting = [c for c in rest if is_alike(column, c)]
        if fitting:
            pairs.append((column, rng.choice(fitting)))
            rest.remove(pairs[-1][1])
    rng.shuffle(pairs)
    return pairs


def is_alike(a, b):
    return a.habit == b.habit and a.scale == b.scale and a.zero == b.zero and (
        a.type == b.type or (a.type, b.type) == ("int4", "int8"))


class EventView:
    """columns: what it gives, at first the keys and the event time; parts: (source, condition or None),
    one for each SELECT; picked: a column's names in each of them."""

    def __init__(self, name):
        self.name, self.columns, self.parts, self.picked, self.width = name, [], [], {}, 1

    def add(self, name, names, column, type_):
        column = copy.copy(column)
        column.name, column.type = name, type_
        self.columns.append(column)
        self.picked[name] = names
        self.width = len(names)

    def compute(self, name, node):
        column = copy.copy(self.columns[0])
        column.name, column.type, column.computed = name, node.type, node
        self.columns.append(column)

    def bases(self):
        return list({source.name: source for source, _ in self.parts}.values())

    def over(self, sources):
        """The same over other sources of these names."""
        new = copy.copy(self)
        new.parts = [(sources[source.name], condition) for source, condition in self.parts]
        new.columns, new.picked = list(self.columns), dict(self.picked)
        return new

    def item(self, column, part):
        if column.computed:
            return f"{column.computed.text()} AS {column.name}"
        name = self.picked.get(column.name, [column.name] * len(self.parts))[part]
        return name if name == column.name else f"{name} AS {column.name}"

    def select(self, part, schema="", more=""):
        source, condition = self.parts[part]
        where = f" WHERE {condition.text()}" if condition else ""
        items = ", ".join(self.item(c, part) for c in self.columns)
        return f"SELECT {items}{more} FROM {schema}{source.name}{where}"

    def sql(self):
        selects = "\nUNION ALL\n".join(self.select(i) for i in range(len(self.parts)))
        return f"CREATE VIEW {self.name} AS\n{selects};\n"

    # smaller ones; false: it is small already

    def one_part(self):
        self.parts, old = self.parts[:1], self.parts
        return len(old) > 1

    def all_events(self):
        self.parts, old = [(source, None) for source, _ in self.parts], self.parts
        return any(condition for _, condition in old)
