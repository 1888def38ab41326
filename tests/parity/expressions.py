"""Random typed expressions of the definition language.

An expression is drawn in a scope, which says what its variables are: columns of an event, aggregates
around which a feature is finished, or inputs of a service.
"""
import functions
from kinds import FLOATS, NUMBERS, SCALARS, TYPES, element_of, is_array
from nodes import DIGITS_MAX, Node, literal, null, untyped

COMPARISONS = ("=", "<>", "<", "<=", ">", ">=", "!=")
TIME_FIELDS = (
    "microseconds milliseconds second minute hour day week month quarter year decade century "
    "millennium isoyear dow isodow doy epoch julian timezone timezone_hour timezone_minute"
).split()
INTERVAL_FIELDS = (
    "microseconds milliseconds second minute hour day month quarter year decade century millennium "
    "epoch"
).split()
DATE_FIELDS = "day week month quarter year decade century millennium isoyear dow isodow doy epoch julian".split()
FIELD_SCALES = {"second": 6, "milliseconds": 3, "epoch": 6, "julian": 20}
# What may be cast to a type, and a text that such casts read is of which habit.
CASTS = {
    "bool": ["int4", "text", "jsonb"], "int2": ["int4", "int8", "numeric", "float4", "float8", "text", "jsonb"],
    "int4": ["int2", "int8", "numeric", "float4", "float8", "bool", "text", "jsonb"],
    "int8": ["int2", "int4", "numeric", "float4", "float8", "text", "jsonb"],
    "numeric": ["int2", "int4", "int8", "text", "float4", "float8", "jsonb"],
    "float4": ["int2", "int4", "int8", "numeric", "float8", "text", "jsonb"],
    "float8": ["int2", "int4", "int8", "numeric", "float4", "text", "jsonb"],
    "timestamptz": ["text", "date"], "interval": ["text"], "mood": ["text"], "uuid": ["text"],
    "date": ["timestamptz", "text"], "bytea": ["text"],
    "text": [t for t in SCALARS if t != "text"] + ["jsonb"],
}
READ = {"timestamptz": "times", "date": "times", "interval": "spans", "bool": "truths", "mood": "moods",
        "uuid": "uuids", "bytea": "bytes", "jsonb": "documents"}


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
        if type_ == "jsonb":
            return self.make_jsonb(depth - 1)
        if self.rng.random() < 0.3:
            return self.rng.choice([self.case, self.case_of, self.coalesce, self.nullif, self.extreme])(
                type_, depth - 1
            )
        if self.rng.random() < 0.35:
            return self.function(type_, depth - 1)
        if is_array(type_):
            return self.make_array(type_, depth - 1)
        if self.rng.random() < 0.1:
            return self.item(type_, depth - 1)
        make = getattr(self, f"make_{type_}", None)
        if make:
            return make(depth - 1)
        return (self.number if type_ in NUMBERS else self.cast_of)(type_, depth - 1)

    def function(self, type_, depth):
        forms = functions.forms(type_)
        return self.applied(type_, *self.rng.choice(forms), depth) if forms else None

    def applied(self, type_, form, types, depth):
        element = element_of(type_) if is_array(type_) else self.element_there()
        types = [t.replace("any", element) for t in types]
        args = [self.varying(t, depth if self.rng.random() < 0.5 else 0) for t in types]
        if None in args:
            return None
        node = Node(form, type_, form, args, is_risky=not functions.is_safe(form))
        node.is_exact = node.has_one_zero = False
        if element_of(type_) == "interval":
            node.is_uniform = False
        if not types or element_of(type_) != element_of(types[0]):
            node.is_uniform = False
        if type_ == "numeric":
            functions.numeric_bounds(node, form)
        return node

    def element_there(self):
        """Most often the element of an array that the scope has."""
        for _ in range(6):
            element = self.rng.choice(SCALARS)
            if self.scope.variable(f"{element}[]") is not None:
                break
        return element

    def leaf(self, type_):
        variable = self.scope.variable(type_) if self.rng.random() < 0.8 else None
        return variable or literal(self.rng, type_)

    def varying(self, type_, depth):
        """An expression that is no constant; a cast from another type where none else is there."""
        for _ in range(3):
            node = self.expression(type_, depth)
            if node.is_variable:
                return node
        found = self.scope.variable(type_)
        if found is None and self.allows_risk:
            origin = self.rng.choice(CASTS.get(type_, ["text"]))
            inner = self.scope.variable(origin)
            if inner is not None and (type_ != "numeric" or inner.is_exact) and origin not in ("text", "jsonb"):
                found = Node(f"{origin} to {type_}", type_, f"({{}})::{type_}", [inner], is_risky=True)
                found.is_exact = found.is_uniform = False
        return found

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
            args += [self.varying("bool", depth), self.some(type_, depth)]
            sql += " WHEN {} THEN {}"
        if None in args:
            return None
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
        node.is_exact = type_ in ("int2", "int4", "float8") and all(r.is_exact for r in results)
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
        if origin == "jsonb" and type_ != "text" and self.rng.random() < 0.85:
            inner = self.member(inner, "t" if type_ == "bool" else "n")
        form = self.rng.choice(["CAST({} AS %s)", "({})::%s"]) % type_
        node = Node(f"{origin} to {type_}", type_, form, [inner], is_risky)
        node.is_exact = (type_ in ("int2", "int4", "float8") and inner.is_exact
                         and origin in ("int2", "int4", "float4", "float8"))
        node.has_one_zero = origin not in ("text", "jsonb") and inner.has_one_zero
        if type_ == "interval":
            node.is_uniform = False
        return node

    def is_readable(self, text, type_):
        """Most casts are of texts that can be read as the type."""
        wanted = "lists" if is_array(type_) else READ.get(type_, "numbers")
        leaves = [n.leaf for n in text.walk() if hasattr(n.leaf, "habit")]
        return any(leaf.habit == wanted for leaf in leaves) or self.rng.random() < 0.05

    # arrays and their elements

    def make_array(self, type_, depth):
        return self.rng.choice([self.listed, self.listed, self.part, self.array_cast])(type_, depth)

    def listed(self, type_, depth):
        element, depth = element_of(type_), min(depth, 1)
        args = [self.varying(element, depth)] + [
            self.some(element, depth) for _ in range(self.rng.choice([0, 1, 1, 2]))]
        if args[0] is None:
            return None
        self.rng.shuffle(args)
        if self.known_first(args) is None:
            return None
        sql = "ARRAY[" + ", ".join(["{}"] * len(args)) + "]"
        node = self.choice_of("ARRAY[]", type_, sql, args, args)
        node.is_exact = False
        return node

    def known_first(self, args):
        """An element that says the type; a literal without one may stand beside it."""
        return next((a for a in args if a.what not in ("NULL", "untyped literal")), None)

    def item(self, type_, depth):
        """An element by its index, most often of one that is there."""
        array = self.varying(f"{type_}[]", depth)
        if array is None:
            return None
        index = literal(self.rng, "int4") if self.rng.random() < 0.7 else self.expression("int4", 0)
        if index.what == "int4 literal":
            index.sql = str(self.rng.randint(-1, 4))
        node = Node("a[i]", type_, "({})[{}]", [array, index])
        node.whole, node.scale, node.is_uniform = array.whole, array.scale, array.is_uniform
        node.is_exact, node.has_one_zero = False, array.has_one_zero
        return node

    def part(self, type_, depth):
        array = self.varying(type_, depth)
        if array is None:
            return None
        form = self.rng.choice(["({})[%d:%d]", "({})[:%d]", "({})[%d:]", "({})[{}:%d]"])
        ends = tuple(self.rng.randint(-1, 4) for _ in range(form.count("%d")))
        args = [array] + ([self.expression("int4", 0)] if form.count("{}") == 2 else [])
        node = Node("a[i:j]", type_, form % ends, args)
        node.whole, node.scale, node.is_uniform = array.whole, array.scale, array.is_uniform
        node.has_one_zero = array.has_one_zero
        return node

    def array_cast(self, type_, depth):
        element = element_of(type_)
        origins = [f"{t}[]" for t in CASTS[element] if t != "jsonb"] + ["text"]
        origin = self.rng.choice(origins)
        node = self.cast(type_, origin, depth)
        if node is not None and (element in FLOATS + ("numeric", "interval")):
            node.is_uniform = node.has_one_zero = False
        return node

    # documents

    def make_jsonb(self, depth):
        if self.rng.random() < 0.15:
            return self.cast("jsonb", "text", depth)
        if self.rng.random() < 0.4:
            return self.function("jsonb", depth)
        inner = self.varying("jsonb", depth)
        return inner and self.member(inner, self.rng.choice(["l", "o", "s", "n", "a b"]))

    def member(self, document, name):
        return Node("jsonb -> name", "jsonb", f"({{}} -> '{name}')", [document])

    # numbers

    def operands(self, type_):
        """Types of two operands whose operator gives the type."""
        rank = NUMBERS.index(type_)
        if type_ in ("int2", "float4"):
            return type_, type_
        if type_ == "float8" and self.rng.random() < 0.3:
            left, right = "float4", self.rng.choice([t for t in NUMBERS if t != "float4"])
        else:
            left, right = type_, self.rng.choice(NUMBERS[: rank + 1] if self.rng.random() < 0.4 else [type_])
        return (left, right) if self.rng.random() < 0.5 else (right, left)

    def arithmetic(self, type_, depth):
        signs = "+-*/" if type_ in FLOATS else "+-*/%"
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
        node.has_one_zero = type_ not in FLOATS or sign == "+" and inner.has_one_zero
        return node

    def number(self, type_, depth):
        drawn = self.rng.random()
        if drawn < 0.55:
            return self.arithmetic(type_, depth)
        if drawn < 0.7:
            return self.minus(type_, depth)
        return self.cast(type_, self.rng.choice(CASTS[type_]), depth)

    def make_int4(self, depth):
        if self.rng.random() < 0.1:
            pair = self.pair("date", "date", depth)
            return pair and Node("date - date", "int4", "({} - {})", pair, is_risky=True)
        return self.number("int4", depth)

    def make_numeric(self, depth):
        if self.rng.random() < 0.3:
            return self.extract(depth)
        node = self.number("numeric", depth)
        if node is None or not node.what.endswith(" to numeric"):
            return node
        inner = node.args[0]
        if inner.type in FLOATS and not inner.is_exact:
            return None
        node.is_uniform = inner.type in ("int2", "int4", "int8")
        node.whole, node.scale = (inner.whole, 0) if node.is_uniform else (9, 9)
        if inner.type == "jsonb":
            node.whole, node.scale = 410, 10
        return node

    def extract(self, depth):
        type_ = self.rng.choice(["timestamptz", "interval", "date"])
        fields = {"timestamptz": TIME_FIELDS, "interval": INTERVAL_FIELDS, "date": DATE_FIELDS}
        field = self.rng.choice(fields[type_])
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
            return self.cast("timestamptz", self.rng.choice(["text", "date"]), depth)
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

    def make_date(self, depth):
        if self.rng.random() < 0.4:
            return self.cast("date", self.rng.choice(CASTS["date"]), depth)
        types, sign = self.rng.choice([(("date", "int4"), "+"), (("int4", "date"), "+"), (("date", "int4"), "-")])
        pair = self.pair(*types, depth)
        return pair and Node(f"{types[0]} {sign} {types[1]}", "date", f"({{}} {sign} {{}})", pair, is_risky=True)

    def make_text(self, depth):
        origin = self.rng.choice(CASTS["text"] + [f"{self.rng.choice(SCALARS)}[]"])
        return self.cast("text", origin, depth, False)

    def cast_of(self, type_, depth):
        return self.cast(type_, self.rng.choice(CASTS[type_]), depth)

    # truth

    def make_bool(self, depth):
        return self.rng.choice([
            self.compare, self.compare, self.compare, self.compare_untyped, self.logic, self.negation,
            self.null_test, self.truth_test, self.between, self.within, self.distinct, self.bool_cast,
            self.any_or_all,
        ])(depth)

    def compared_types(self):
        type_ = self.rng.choice(TYPES)
        if type_ in ("date", "timestamptz") and self.rng.random() < 0.4:
            return ("date", "timestamptz") if type_ == "date" else ("timestamptz", "date")
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
        inner = self.varying(self.rng.choice(TYPES + ("jsonb",) * 3), depth)
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
        origin = self.rng.choice(CASTS["bool"])
        return self.cast("bool", origin, depth, origin != "int4")

    def any_or_all(self, depth):
        element = self.rng.choice(SCALARS)
        sign = self.rng.choice(COMPARISONS + (("LIKE", "NOT ILIKE") if element == "text" else ()))
        word, pair = self.rng.choice(["ANY", "ALL"]), self.pair(element, f"{element}[]", depth)
        return pair and Node(f"{element} {sign} {word}", "bool", f"({{}} {sign} {word} ({{}}))", pair,
                             is_risky=sign not in COMPARISONS)
