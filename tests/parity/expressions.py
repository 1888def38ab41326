"""Random typed expressions of the definition language, and what the generator must know of each.

An expression is drawn in a scope, which says what its variables are: columns of an event, aggregates
around which a feature is finished, or inputs of a service. Four things are avoided because PostgreSQL's
own answer to them is no function of the events: an operator whose operands are all constant (an error in
it is raised at planning, reached or not), a NULL or a truth value written beside one (folded away with
its neighbour), a float sum that rounds, and a choice among equal values that print differently (1.0 and
1.00, 0 and -0, 1 day and 24:00:00).
"""

import functions

NUMBERS = ("int4", "int8", "numeric", "float8")
TYPES = ("bool", "text", "timestamptz", "interval", "mood") + NUMBERS
ORDERED = tuple(t for t in TYPES if t != "bool")
SUMMED = ("int4", "int8", "numeric", "float8", "interval")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=", "!=")
DIGITS_MAX = 1000  # of a numeric, and of its scale

TIME_FIELDS = (
    "microseconds milliseconds second minute hour day week month quarter year decade century "
    "millennium isoyear dow isodow doy epoch julian timezone timezone_hour timezone_minute"
).split()
INTERVAL_FIELDS = (
    "microseconds milliseconds second minute hour day month quarter year decade century millennium "
    "epoch"
).split()
FIELD_SCALES = {"second": 6, "milliseconds": 3, "epoch": 6, "julian": 20}

LITERALS = {
    "bool": ["true", "false"],
    "int4": ["0", "1", "2", "3", "7", "10", "-1", "-4", "100", "2147483647", "(-2147483648)"],
    "int8": ["bigint '0'", "5::int8", "(-3)::bigint", "3000000000", "9223372036854775807", "bigint '11'"],
    "numeric": ["0.0", "1.5", "2.50", "-0.25", "10.000", "numeric '3'", "0.001", "7::numeric"],
    "float8": ["0::float8", "float8 '0.5'", "2.5::float8", "(-4)::double precision", "8::float8"],
    "text": ["text ''", "text 'a'", "'ab'::text", "text '日本'", "text 'it''s'", "text '10'", "text 'B'"],
    "timestamptz": [
        "timestamptz '2020-02-29 00:00:00+00'", "timestamptz '2020-03-01T12:30:00.5Z'",
        "'1999-12-31 23:59:59.999999+00'::timestamptz", "timestamptz '2020-03-01 02:00:00+02:30'",
        "timestamptz '2020-01-01'",
    ],
    "interval": [
        "interval '1 hour'", "interval '1 day'", "interval '90 minutes'", "interval '-2 days 03:00'",
        "'00:00:00.000001'::interval", "interval 'P1DT2H'", "interval '1 month'", "interval '0'",
        "interval '2 years 3 days'",
    ],
    "mood": ["mood 'sad'", "'calm'::mood", "CAST('glad' AS mood)", "mood 'it''s'"],
}
# Strings that take their type from what they stand beside.
UNTYPED = {
    "bool": ["'t'", "'no'"], "int4": ["'5'", "' 2 '"], "int8": ["'-1'", "'12'"],
    "numeric": ["'1.5'", "'0.10'"], "float8": ["'0.5'", "'1e2'", "'-3'"], "text": ["''", "'a'", "'zz'"],
    "timestamptz": ["'2020-03-01 00:00:00+00'", "'2020-02-28T23:00:00Z'"],
    "interval": ["'1 day'", "'02:30:00'"], "mood": ["'calm'", "'sad'", "'Glad'"],
}


class Node:
    """SQL with a hole {} for each argument; what: the construct, for the count of what was covered."""

    __slots__ = ("what", "type", "sql", "args", "leaf", "is_variable", "is_risky", "is_wild",
                 "is_exact", "has_one_zero", "is_near", "whole", "scale", "is_uniform",
                 "argument_count")

    def __init__(self, what, type_, sql, args=(), is_risky=False, leaf=None, is_variable=False):
        self.what, self.type, self.sql, self.args, self.leaf = what, type_, sql, list(args), leaf
        self.argument_count = None  # of an aggregate: the other args are conditions of its FILTER
        self.is_variable = is_variable or any(a.is_variable for a in self.args)
        self.is_risky = is_risky or any(a.is_risky for a in self.args)
        # Values so large that a sum of them depends on its order.
        self.is_wild = any(a.is_wild for a in self.args)
        # A float that sums without rounding, in any order.
        self.is_exact = type_ in ("int4", "float8") and all(a.is_exact for a in self.args)
        # A float that is never -0 where it may be 0.
        self.has_one_zero = all(a.has_one_zero for a in self.args)
        self.is_near = any(a.is_near for a in self.args)  # PostgreSQL's own answer is rounded
        self.set_numeric()

    def set_numeric(self):
        """Bounds of a numeric's digits before and after the point, and whether its scale is known."""
        numbers = [a for a in self.args if a.type in NUMBERS]
        self.whole = max([a.whole for a in numbers], default={"int4": 10, "int8": 19}.get(self.type, 6))
        self.scale = max([a.scale for a in numbers], default=0)
        self.is_uniform = all(a.is_uniform for a in self.args) and (
            len({a.scale for a in numbers if a.type == self.type}) < 2
        )
        if self.type in ("int4", "int8"):
            self.whole, self.scale = (10, 0) if self.type == "int4" else (19, 0)

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
    text = rng.choice(LITERALS[type_])
    node = Node(f"{type_} literal", type_, text)
    node.is_exact = type_ in ("int4", "float8")
    node.has_one_zero = True
    if type_ == "numeric":
        digits = text.strip("'").split("'")[-1].split("::")[0]
        node.scale = len(digits.partition(".")[2])
        node.whole, node.is_uniform = 2, True
    if type_ == "interval":
        node.is_uniform = False
    return node


def untyped(rng, type_):
    return Node("untyped literal", type_, rng.choice(UNTYPED[type_]))


def null(type_):
    return Node("NULL", type_, "NULL")


def now():
    return Node("now()", "timestamptz", "now()")


class Maker:
    """Draws expressions. scope.variable(type) gives a variable, or None where there is none of it."""

    def __init__(self, rng, scope, allows_risk=True):
        self.rng, self.scope, self.allows_risk = rng, scope, allows_risk

    def expression(self, type_, depth):
        for _ in range(4):
            node = self.draw(type_, depth)
            if node is not None and (self.allows_risk or not node.is_risky):
                return node
        return self.leaf(type_)

    def draw(self, type_, depth):
        if depth <= 0 or self.rng.random() < 0.2:
            return self.leaf(type_)
        if self.rng.random() < 0.3:
            return self.rng.choice([self.case, self.case_of, self.coalesce, self.nullif, self.extreme])(
                type_, depth - 1
            )
        if self.rng.random() < 0.25:
            return self.function(type_, depth - 1)
        return getattr(self, f"make_{type_}")(depth - 1)

    def function(self, type_, depth):
        form, types = self.rng.choice(functions.FORMS[type_])
        args = [self.varying(t, depth if self.rng.random() < 0.5 else 0) for t in types]
        if None in args:
            return None
        node = Node(form, type_, form, args, is_risky=True)
        node.is_exact = node.has_one_zero = False
        if type_ == "interval":
            node.is_uniform = False
        if type_ == "numeric":
            functions.numeric_bounds(node, form)
        return node

    def leaf(self, type_):
        variable = self.scope.variable(type_) if self.rng.random() < 0.8 else None
        return variable or literal(self.rng, type_)

    def varying(self, type_, depth):
        """An expression that is no constant; a cast from another type where none else is there."""
        for _ in range(3):
            node = self.expression(type_, depth)
            if node.is_variable:
                return node
        return self.scope.variable(type_)

    def pair(self, left, right, depth):
        """Two operands of which one varies, or None."""
        first, second = self.expression(left, depth), self.expression(right, depth)
        if not first.is_variable and not second.is_variable:
            first = self.varying(left, depth)
        return first and (first, second)

    # what every type has

    def some(self, type_, depth):
        if self.rng.random() < 0.12:
            return null(type_)
        return self.expression(type_, depth)

    def known(self, node, depth):
        """One of the alternatives must say the type."""
        return self.leaf(node.type) if node.what == "NULL" else node

    def case(self, type_, depth):
        count = self.rng.randint(1, 2)
        args, sql = [], "(CASE"
        for _ in range(count):
            args += [self.expression("bool", depth), self.some(type_, depth)]
            sql += " WHEN {} THEN {}"
        args[1] = self.known(args[1], depth)
        if self.rng.random() < 0.7:
            args.append(self.some(type_, depth))
            sql += " ELSE {}"
        return self.choice_of("CASE WHEN", type_, sql + " END)", args, args[1::2] + args[2 * count:])

    def case_of(self, type_, depth):
        subject_type = self.rng.choice(TYPES)
        subject = self.varying(subject_type, depth)
        if subject is None:
            return None
        result, other = self.expression(type_, depth), self.some(type_, depth)
        args = [subject, self.expression(subject_type, 0), result, other]
        return self.choice_of("CASE x WHEN", type_, "(CASE {} WHEN {} THEN {} ELSE {} END)", args,
                              args[2:])

    def choice_of(self, what, type_, sql, args, results):
        """A node that passes one of its results on unchanged."""
        node = Node(what, type_, sql, args)
        results = [r for r in results if r.what != "NULL"]
        node.is_exact = type_ in ("int4", "float8") and all(r.is_exact for r in results)
        node.has_one_zero = all(r.has_one_zero for r in results)
        node.whole, node.scale = max(r.whole for r in results), max(r.scale for r in results)
        node.is_uniform = all(r.is_uniform for r in results) and len({r.scale for r in results}) == 1
        return node

    def coalesce(self, type_, depth):
        args = [self.varying(type_, depth)] + [
            self.some(type_, depth) for _ in range(self.rng.randint(1, 2))
        ]
        if args[0] is None:
            return None
        return self.choice_of("coalesce", type_, "coalesce(" + ", ".join(["{}"] * len(args)) + ")",
                              args, args)

    def nullif(self, type_, depth):
        pair = self.pair(type_, type_, depth)
        if pair is None:
            return None
        if type_ == "int4" and self.rng.random() < 0.3:
            pair = (pair[0], self.expression("int8", depth))
        return self.choice_of("nullif", type_, "nullif({}, {})", pair, pair[:1])

    def extreme(self, type_, depth):
        name = self.rng.choice(["greatest", "least"])
        args = [self.varying(type_, depth)] + [
            self.some(type_, depth) for _ in range(self.rng.randint(1, 2))
        ]
        if args[0] is None:
            return None
        return self.choice_of(name, type_, name + "(" + ", ".join(["{}"] * len(args)) + ")", args, args)

    def cast(self, type_, origin, depth, is_risky=True):
        inner = self.varying(origin, depth)
        if inner is None or origin == "text" and not self.is_readable(inner, type_):
            return None
        form = self.rng.choice(["CAST({} AS %s)", "({})::%s"]) % type_
        node = Node(f"{origin} to {type_}", type_, form, [inner], is_risky)
        node.is_exact = type_ in ("int4", "float8") and origin in ("int4", "float8") and inner.is_exact
        node.has_one_zero = origin != "text" and inner.has_one_zero
        if type_ == "interval":
            node.is_uniform = False
        return node

    def is_readable(self, text, type_):
        """Most casts are of texts that can be read as the type."""
        wanted = {"timestamptz": "times", "interval": "spans", "bool": "truths",
                  "mood": "moods"}.get(type_, "numbers")
        leaves = [n.leaf for n in text.walk() if hasattr(n.leaf, "habit")]
        return any(leaf.habit == wanted for leaf in leaves) or self.rng.random() < 0.05

    # numbers

    def operands(self, type_):
        """Types of two operands whose operator gives the type."""
        rank = NUMBERS.index(type_)
        left, right = type_, self.rng.choice(NUMBERS[: rank + 1] if self.rng.random() < 0.4 else [type_])
        return (left, right) if self.rng.random() < 0.5 else (right, left)

    def arithmetic(self, type_, depth):
        signs = "+-*/" if type_ == "float8" else "+-*/%"
        sign, types = self.rng.choice(signs), self.operands(type_)
        pair = self.pair(*types, depth)
        if pair is None:
            return None
        node = Node(f"{types[0]} {sign} {types[1]}", type_, f"({{}} {sign} {{}})", pair, is_risky=True)
        node.is_exact = sign in "+-" and type_ == "float8" and all(a.is_exact for a in pair)
        node.has_one_zero = sign in "+-" and all(a.has_one_zero for a in pair)
        return self.numeric_bounds(node, sign) if type_ == "numeric" else node

    def numeric_bounds(self, node, sign):
        """None where the result may need more digits than a numeric of ours has."""
        left, right = node.args
        scale = max(left.scale, right.scale)
        node.is_uniform = left.is_uniform and right.is_uniform and sign != "/"
        node.whole, node.scale = max(left.whole, right.whole) + 1, scale
        if sign == "*":
            node.whole, node.scale = left.whole + right.whole, left.scale + right.scale
        if sign == "/":
            node.whole, node.scale = left.whole + right.scale + 1, max(20 + right.whole + left.scale, scale)
            fits = node.scale <= DIGITS_MAX and node.whole + scale <= DIGITS_MAX
            return node if fits else None
        return node if node.whole + node.scale <= DIGITS_MAX else None

    def minus(self, type_, depth):
        inner = self.varying(type_, depth)
        if inner is None:
            return None
        sign = self.rng.choice("--+") if type_ != "interval" else "-"
        node = Node(f"{sign} {type_}", type_, f"({sign} {{}})", [inner], is_risky=type_ != "numeric")
        node.has_one_zero = type_ != "float8" or sign == "+" and inner.has_one_zero
        return node

    def number(self, type_, depth, casts):
        drawn = self.rng.random()
        if drawn < 0.55:
            return self.arithmetic(type_, depth)
        if drawn < 0.7:
            return self.minus(type_, depth)
        return self.cast(type_, self.rng.choice(casts), depth)

    def make_int4(self, depth):
        return self.number("int4", depth, ["int8", "numeric", "float8", "bool", "text"])

    def make_int8(self, depth):
        return self.number("int8", depth, ["int4", "numeric", "float8", "text"])

    def make_float8(self, depth):
        return self.number("float8", depth, ["int4", "int8", "numeric", "text"])

    def make_numeric(self, depth):
        if self.rng.random() < 0.3:
            return self.extract(depth)
        node = self.number("numeric", depth, ["int4", "int8", "text", "float8"])
        if node is None or not node.what.endswith(" to numeric"):
            return node
        inner = node.args[0]
        if inner.type == "float8" and not inner.is_exact:
            return None
        node.is_uniform = inner.type in ("int4", "int8")
        node.whole, node.scale = (inner.whole, 0) if node.is_uniform else (9, 9)
        return node

    def extract(self, depth):
        type_ = self.rng.choice(["timestamptz", "interval"])
        field = self.rng.choice(TIME_FIELDS if type_ == "timestamptz" else INTERVAL_FIELDS)
        inner = self.varying(type_, depth)
        if inner is None:
            return None
        node = Node(f"extract {field} of {type_}", "numeric", f"extract({field} FROM {{}})", [inner],
                    is_risky=True)
        node.whole, node.scale, node.is_uniform = 17, FIELD_SCALES.get(field, 0), field != "julian"
        return node

    # times

    def make_timestamptz(self, depth):
        drawn = self.rng.random()
        if drawn < 0.15:
            return self.cast("timestamptz", "text", depth)
        types, sql = self.rng.choice([
            (("timestamptz", "interval"), "({} + {})"), (("timestamptz", "interval"), "({} - {})"),
            (("interval", "timestamptz"), "({} + {})"),
        ])
        pair = self.pair(*types, depth)
        sign = sql[4]
        return pair and Node(f"{types[0]} {sign} {types[1]}", "timestamptz", sql, pair, is_risky=True)

    def make_interval(self, depth):
        drawn = self.rng.random()
        if drawn < 0.1:
            return self.minus("interval", depth)
        if drawn < 0.2:
            return self.cast("interval", "text", depth)
        left, sign, right = self.rng.choice([
            ("timestamptz", "-", "timestamptz"), ("timestamptz", "-", "timestamptz"),
            ("interval", "+", "interval"), ("interval", "-", "interval"), ("interval", "*", "float8"),
            ("float8", "*", "interval"), ("interval", "/", "float8"), ("interval", "*", "int4"),
            ("interval", "/", "int8"),
        ])
        pair = self.pair(left, right, depth)
        if pair is None:
            return None
        node = Node(f"{left} {sign} {right}", "interval", f"({{}} {sign} {{}})", pair, is_risky=True)
        node.is_uniform = left == right == "timestamptz"
        return node

    def make_text(self, depth):
        return self.cast("text", self.rng.choice([t for t in TYPES if t != "text"]), depth, False)

    def make_mood(self, depth):
        return self.cast("mood", "text", depth)

    # truth

    def make_bool(self, depth):
        return self.rng.choice([
            self.compare, self.compare, self.compare, self.compare_untyped, self.logic, self.negation,
            self.null_test, self.truth_test, self.between, self.within, self.distinct, self.bool_cast,
        ])(depth)

    def compared_types(self):
        type_ = self.rng.choice(TYPES)
        return (type_, self.rng.choice(NUMBERS) if type_ in NUMBERS else type_)

    def compare(self, depth):
        types, sign = self.compared_types(), self.rng.choice(COMPARISONS)
        pair = self.pair(*types, depth)
        return pair and Node(f"{types[0]} {sign} {types[1]}", "bool", f"({{}} {sign} {{}})", pair)

    def compare_untyped(self, depth):
        type_, sign = self.rng.choice(TYPES), self.rng.choice(COMPARISONS)
        pair = [self.varying(type_, depth), untyped(self.rng, type_)]
        if pair[0] is None:
            return None
        if self.rng.random() < 0.3:
            pair.reverse()
        return Node(f"{type_} {sign} untyped", "bool", f"({{}} {sign} {{}})", pair)

    def logic(self, depth):
        word, args = self.rng.choice(["AND", "OR"]), []
        for _ in range(self.rng.randint(2, 3)):
            args.append(self.varying("bool", depth))
        if None in args:
            return None
        return Node(word, "bool", "(" + f" {word} ".join(["{}"] * len(args)) + ")", args)

    def negation(self, depth):
        inner = self.varying("bool", depth)
        return inner and Node("NOT", "bool", "(NOT {})", [inner])

    def null_test(self, depth):
        inner = self.varying(self.rng.choice(TYPES), depth)
        word = self.rng.choice(["IS NULL", "IS NOT NULL"])
        return inner and Node(word, "bool", f"({{}} {word})", [inner])

    def truth_test(self, depth):
        inner = self.varying("bool", depth)
        word = "IS " + self.rng.choice(["", "NOT "]) + self.rng.choice(["TRUE", "FALSE", "UNKNOWN"])
        return inner and Node(word, "bool", f"({{}} {word})", [inner])

    def between(self, depth):
        types = self.compared_types()
        args = [self.varying(types[0], depth), self.expression(types[0], depth),
                self.expression(types[1], 0)]
        word = self.rng.choice(["BETWEEN", "BETWEEN", "NOT BETWEEN"])
        return args[0] and Node(word, "bool", f"({{}} {word} {{}} AND {{}})", args)

    def within(self, depth):
        type_ = self.rng.choice(TYPES)
        value = self.varying(type_, depth)
        if value is None:
            return None
        args, word = [value], self.rng.choice(["IN", "IN", "NOT IN"])
        for _ in range(self.rng.randint(1, 4)):
            drawn = self.rng.random()
            args.append(null(type_) if drawn < 0.1 else untyped(self.rng, type_) if drawn < 0.2
                        else self.expression(self.rng.choice(NUMBERS) if type_ in NUMBERS
                                             and drawn < 0.4 else type_, depth if drawn < 0.5 else 0))
        return Node(word, "bool", f"({{}} {word} (" + ", ".join(["{}"] * (len(args) - 1)) + "))", args)

    def distinct(self, depth):
        pair = self.pair(*self.compared_types(), depth)
        word = self.rng.choice(["IS DISTINCT FROM", "IS NOT DISTINCT FROM"])
        return pair and Node(word, "bool", f"({{}} {word} {{}})", pair)

    def bool_cast(self, depth):
        origin = self.rng.choice(["int4", "text"])
        return self.cast("bool", origin, depth, origin == "text")
