"""A typed expression of the definition language, and what the generator must know of it; literals.

Four things are avoided because PostgreSQL's own answer to them is no function of the events: an operator
whose operands are all constant (an error in it is raised at planning, reached or not), a NULL or a truth
value written beside one (folded away with its neighbour), a float sum that rounds, and a choice among
equal values that print differently (1.0 and 1.00, 0 and -0, 1 day and 24:00:00). Of an array the same is
known as of its elements.
"""
from kinds import FLOATS, NUMBERS, WHOLE, element_of, is_array

DIGITS_MAX = 1000  # of a numeric, and of its scale
DIGITS = {"int2": 5, "int4": 10, "int8": 19}

LITERALS = {
    "bool": ["true", "false"],
    "int2": ["2::int2", "smallint '-1'", "0::smallint", "(-32768)::int2", "int2 '7'"],
    "int4": ["0", "1", "2", "3", "7", "10", "-1", "-4", "100", "2147483647", "(-2147483648)"],
    "int8": ["bigint '0'", "5::int8", "(-3)::bigint", "3000000000", "9223372036854775807", "bigint '11'"],
    "numeric": ["0.0", "1.5", "2.50", "-0.25", "10.000", "numeric '3'", "0.001", "7::numeric"],
    "float4": ["0::float4", "real '0.5'", "2.5::float4", "(-4)::real", "float4 '0.1'"],
    "float8": ["0::float8", "float8 '0.5'", "2.5::float8", "(-4)::double precision", "8::float8"],
    "text": ["text ''", "text 'a'", "'ab'::text", "text '日本'", "text 'it''s'", "text '10'", "text 'B'"],
    "timestamptz": [
        "timestamptz '2020-02-29 00:00:00+00'", "timestamptz '2020-03-01T12:30:00.5Z'",
        "'1999-12-31 23:59:59.999999+00'::timestamptz", "timestamptz '2020-03-01 02:00:00+02:30'",
        "timestamptz '2020-01-01'",
    ],
    "date": ["date '2020-02-29'", "'2020-03-01'::date", "date '1999-12-31'", "date 'infinity'"],
    "interval": [
        "interval '1 hour'", "interval '1 day'", "interval '90 minutes'", "interval '-2 days 03:00'",
        "'00:00:00.000001'::interval", "interval 'P1DT2H'", "interval '1 month'", "interval '0'",
        "interval '2 years 3 days'",
    ],
    "mood": ["mood 'sad'", "'calm'::mood", "CAST('glad' AS mood)", "mood 'it''s'"],
    "uuid": ["uuid '123e4567-e89b-12d3-a456-426614174000'", "'{00000000000000000000000000000000}'::uuid"],
    "bytea": ["bytea ''", "'\\x00ff'::bytea", "bytea 'ab'", "'\\x61'::bytea"],
    "jsonb": ["jsonb '{\"a\": [1, 2.50, null], \"b\": {\"c\": \"x\"}}'", "'[]'::jsonb", "jsonb '\"a\"'"],
}
# Strings that take their type from what they stand beside.
UNTYPED = {
    "bool": ["'t'", "'no'"], "int2": ["'3'", "'-1'"], "int4": ["'5'", "' 2 '"], "int8": ["'-1'", "'12'"],
    "numeric": ["'1.5'", "'0.10'"], "float4": ["'0.5'", "'-2'"], "float8": ["'0.5'", "'1e2'", "'-3'"],
    "text": ["''", "'a'", "'zz'"],
    "timestamptz": ["'2020-03-01 00:00:00+00'", "'2020-02-28T23:00:00Z'"], "date": ["'2020-03-01'", "'2020-02-29'"],
    "interval": ["'1 day'", "'02:30:00'"], "mood": ["'calm'", "'sad'", "'Glad'"],
    "uuid": ["'123e4567-e89b-12d3-a456-426614174000'"], "bytea": ["'\\x00'", "'ab'"],
}
# What stands between the braces of an array.
ITEMS = {
    "bool": ["t", "f", "true"], "text": ["a", '""', '"a b"', "10", '"NULL"', '"x\\"y"'],
    "timestamptz": ['"2020-02-29 00:00:00+00"', "2020-03-01T12:30:00Z"], "date": ["2020-02-29", "infinity"],
    "interval": ["1 day", "02:30:00"], "mood": ["sad", "glad", "it's", '""'],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000"],
    "bytea": ['"\\\\x00ff"', '""', "ab"], "int2": ["1", "-7"], "int4": ["1", "2", "-3", " 10 "],
    "int8": ["1", "3000000000"], "numeric": ["1.5", "0", "2.50"], "float4": ["0.5", "2"],
    "float8": ["0.5", "1e2", "NaN"],
}


class Node:
    """SQL with a hole {} for each argument; what: the construct, for the count of what was covered."""

    __slots__ = ("what", "type", "sql", "args", "leaf", "is_variable", "is_risky", "is_wild",
                 "is_exact", "has_one_zero", "is_near", "slack", "whole", "scale", "is_uniform",
                 "argument_count")

    def __init__(self, what, type_, sql, args=(), is_risky=False, leaf=None, is_variable=False):
        self.what, self.type, self.sql, self.args, self.leaf = what, type_, sql, list(args), leaf
        self.argument_count = None  # of an aggregate: the other args are conditions of its FILTER
        self.is_variable = is_variable or any(a.is_variable for a in self.args)
        self.is_risky = is_risky or any(a.is_risky for a in self.args)
        # Values so large that a sum of them depends on its order.
        self.is_wild = any(a.is_wild for a in self.args)
        # A float that sums without rounding, in any order.
        self.is_exact = type_ in ("int2", "int4", "float8") and all(a.is_exact for a in self.args)
        # A float that is never -0 where it may be 0.
        self.has_one_zero = all(a.has_one_zero for a in self.args)
        self.is_near = any(a.is_near for a in self.args)  # PostgreSQL's own answer is rounded
        self.slack = 0  # what of a near one is lost where terms cancel
        self.set_numeric()

    def set_numeric(self):
        """Bounds of a numeric's digits before and after the point, and whether its scale is known."""
        numbers = [a for a in self.args if element_of(a.type) in NUMBERS]
        self.whole = max([a.whole for a in numbers], default=DIGITS.get(self.type, 6))
        self.scale = max([a.scale for a in numbers], default=0)
        self.is_uniform = all(a.is_uniform for a in self.args) and (
            len({a.scale for a in numbers if a.type == self.type}) < 2
        )
        if self.type in WHOLE:
            self.whole, self.scale = DIGITS[self.type], 0

    def text(self):
        return self.sql.format(*(a.text() for a in self.args)) if self.args else self.sql

    def walk(self):
        yield self
        for argument in self.args:
            yield from argument.walk()

    def copy(self, args):
        """The same construct over other arguments, for shrinking: what is known of it is not redone."""
        new = object.__new__(Node)
        for slot in Node.__slots__:
            setattr(new, slot, getattr(self, slot))
        new.args = list(args)
        return new


def literal(rng, type_):
    if is_array(type_):
        return array_literal(rng, element_of(type_))
    text = rng.choice(LITERALS[type_])
    node = Node(f"{type_} literal", type_, text)
    node.is_exact = type_ in ("int2", "int4", "float8")
    node.has_one_zero = True
    if type_ == "numeric":
        digits = text.strip("'").split("'")[-1].split("::")[0]
        node.scale = len(digits.partition(".")[2])
        node.whole, node.is_uniform = 2, True
    if type_ == "interval":
        node.is_uniform = False
    return node


def array_literal(rng, element):
    items = [rng.choice(ITEMS[element] + ["NULL"]) for _ in range(rng.choice([0, 1, 2, 2, 3]))]
    text = "'{" + rng.choice([",", ", "]).join(items).replace("'", "''") + "}'"
    node = Node(f"{element}[] literal", f"{element}[]",
                rng.choice([f"{text}::{element}[]", f"CAST({text} AS {element}[])"]))
    node.is_exact = node.has_one_zero = element not in FLOATS
    node.is_uniform = element not in ("numeric", "interval")
    node.whole, node.scale = 6, 6
    return node


def untyped(rng, type_):
    if is_array(type_):
        items = [rng.choice(ITEMS[element_of(type_)]) for _ in range(rng.randint(0, 2))]
        return Node("untyped literal", type_, "'{" + ",".join(items).replace("'", "''") + "}'")
    return Node("untyped literal", type_, rng.choice(UNTYPED[type_]))


def null(type_):
    return Node("NULL", type_, "NULL")


def now():
    return Node("now()", "timestamptz", "now()")
