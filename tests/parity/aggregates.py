"""Calls of aggregates, and the scopes that expressions of a view are drawn in."""
import windows
from expressions import Maker
from kinds import FEATURES, FLOATS, NUMBERS, ORDERED, SCALARS, SUMMED, WHOLE, element_of
from nodes import DIGITS_MAX, Node, now

TIME = "at"
# Of a key that is equal to another but prints differently, any may stand for the entity.
KEYS_PRINTED_ONE_WAY = ("bool", "int2", "int4", "int8", "text", "timestamptz", "mood", "date", "uuid", "bytea",
                        "int4[]", "text[]")


def column_node(column, sql=None):
    if column.computed or column.known:
        node = (column.computed or column.known).copy([])
        node.what, node.sql, node.is_variable = "computed column", column.name, True
        return node
    node = Node(f"{column.type} column", column.type, sql or column.name, leaf=column, is_variable=True)
    node.is_wild, node.is_exact, node.has_one_zero = column.is_wild, column.is_exact, True
    node.is_near = False
    element = element_of(column.type)
    if element in FLOATS and column.habit == "wild":
        node.has_one_zero = column.zero == "0"
    if element == "numeric":
        node.whole, node.scale = 6, column.scale
        node.is_uniform = True
    if element == "interval":
        node.is_uniform = column.habit in ("clock", "days")
    return node


# Expressions of a source that may fail: each makes dead letters, and few events would be left.
RISKS_MAX = 2


class EventScope:
    def __init__(self, rng, source, hidden=()):
        self.rng, self.source, self.hidden = rng, source, hidden

    def variable(self, type_):
        fitting = [c for c in self.source.columns if c.type == type_ and c.name not in self.hidden]
        return column_node(self.rng.choice(fitting)) if fitting else None

    def varying(self, type_, depth):
        bases = self.source.bases()
        maker = Maker(self.rng, self, allows_risk=all(s.risks < RISKS_MAX for s in bases))
        return self.counted(maker.varying(type_, depth))

    def counted(self, node, most=RISKS_MAX):
        """The expression, unless too many of the source may fail with it."""
        bases = self.source.bases()
        if node is None or not node.is_risky:
            return node
        if any(s.risks >= most for s in bases):
            return None
        for source in bases:
            source.risks += 1
        return node


class Aggregates:
    """The scope of a feature: its variables are aggregates, the key and now()."""

    has_windows = True

    def __init__(self, rng, view):
        self.rng, self.view = rng, view
        self.events = EventScope(rng, view.source)

    def variable(self, type_):
        keys = [c for c in self.view.keys if c.type == type_ and type_ in KEYS_PRINTED_ONE_WAY]
        if keys and self.rng.random() < 0.15:
            return column_node(self.rng.choice(keys))
        if type_ == "timestamptz" and self.rng.random() < 0.3:
            return now()
        if type_ == "jsonb":
            return self.document()
        for _ in range(12):
            node = self.aggregate(type_)
            if node is not None and not node.is_near:
                return node
        return None

    def document(self):
        """The latest text that may be a document: no aggregate gives a jsonb."""
        fitting = [c for c in self.view.source.columns if c.type == "text" and c.habit == "documents"]
        text = self.latest(column_node(self.rng.choice(fitting))) if fitting else None
        return text and Node("text to jsonb", "jsonb", "({})::jsonb", [text], is_risky=True)

    def aggregate(self, type_, names=None):
        forms = [f for f in AGGREGATES if f[1] == type_ and (names is None or f[0] in names)]
        return self.called(*self.rng.choice(forms)) if forms else None

    def called(self, name, type_, takes, sql):
        args = []
        for i, wanted in enumerate(takes):
            is_by = i == 1 and wanted in (None, "timestamptz")
            if wanted == "same":
                args.append(args[0])
                continue
            argument = self.argument(self.rng.choice(ORDERED) if wanted is None else wanted, is_by)
            if argument is None:
                return None
            args.append(argument)
        checked = args if name.startswith("regr_avg") else args[:1]
        if not all(argument_fits(name, argument) for argument in checked):
            return None
        return self.filtered(name, type_, args, sql)

    def argument(self, type_, is_by):
        """What first and last order by is most often the event time."""
        if type_ == "few":
            return self.few()
        if type_ == "positive":
            fitting = [c for c in self.view.source.columns if c.type == "float8" and c.habit == "positive"]
            return column_node(self.rng.choice(fitting)) if fitting else None
        if is_by and self.rng.random() < 0.6:
            return column_node(next(c for c in self.view.source.columns if c.name == TIME))
        if self.rng.random() < 0.6:
            return self.events.variable(type_)
        return self.events.varying(type_, self.rng.randint(1, 2))

    def latest(self, node):
        """An expression over an event, of the last of them."""
        if not choice_fits(node):
            return self.filtered("count", "int8", [node], "count({})")
        at = column_node(next(c for c in self.view.source.columns if c.name == TIME))
        return self.filtered("last", node.type, [node, at], "last({}, {})")

    def few(self):
        """A column of small whole numbers: no term of a moment of them is rounded."""
        fitting = [c for c in self.view.source.columns if c.type in WHOLE and c.habit == "small" and not c.known
                   and not c.computed]
        return column_node(self.rng.choice(fitting)) if fitting else None

    def filtered(self, name, type_, args, call):
        parts, conditions, what = [], [], ""
        if self.has_windows and self.rng.random() < 0.6:
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
        call = call.replace("COUNT", self.rng.choice(LENGTHS)).replace("BUCKETS", self.rng.choice(BUCKETS))
        condition = f" FILTER (WHERE {' AND '.join(parts)})" if parts else ""
        sql = call.replace("HERE", condition) if "HERE" in call else call + condition
        label = f"{name}({', '.join(a.type for a in args) or '*'})"
        node = Node(label, type_, sql, args + conditions, is_risky=True, is_variable=True)
        node.argument_count = len(args)
        return self.describe(node, name, args, what)

    def describe(self, node, name, args, window):
        node.leaf = (label_of(window, node), None)
        first = args[0] if args else None
        node.is_wild = first.is_wild if first and name not in COUNTS else False
        node.is_exact = bool(first) and first.is_exact and name in CHOICES + ("sum",)
        node.has_one_zero = name in CHOICES + COUNTS + LISTS
        node.is_near = node.type == "float8" and (
            name in SPREADS + MOMENTS or name in ("decayed_sum", "decayed_count")
            or name.split()[0] in ("sum", "avg", "regr_avgy", "regr_avgx") and not first.is_exact)
        node.slack = 1e-9 if name in MOMENTS else 0
        if element_of(node.type) == "numeric":
            self.describe_numeric(node, name, first)
        return node

    def describe_numeric(self, node, name, first):
        node.whole, node.scale = first.whole + (0 if name in CHOICES + LISTS else 4), first.scale
        node.is_uniform = first.is_uniform and not name.startswith("avg")
        if name.startswith("avg"):
            node.scale = max(20, first.scale)
        if name in SPREADS:
            node.whole, node.scale, node.is_uniform = 2 * first.whole + 4, max(20, 2 * first.scale), False


class Havings(Aggregates):
    """The scope of HAVING: aggregates that cannot fail, since an error in it is one of the whole row."""

    def aggregate(self, type_, names=None):
        node = super().aggregate(type_, COUNTS + CHOICES + TRUTHS)
        if node is not None:
            node.is_risky = False
        return node


class Frames(Aggregates):
    """Aggregates OVER a frame that ends at the event: of all events before one is picked, so none may fail."""

    has_windows = False

    def aggregate(self, type_, names=None):
        node = super().aggregate(type_, OVER)
        if node is None or node.args and node.args[0].is_wild:
            return None
        node.is_risky = False
        name = self.rng.choice(list(self.view.frames) + [None])
        node.sql += f" OVER {name}" if name else f" OVER ({self.view.frame(self.rng)})"
        node.what += " OVER"
        return node


class Row:
    """The scope of a feature of DISTINCT ON: columns of the row, of which equal ones print the same."""

    def __init__(self, rng, view):
        self.rng, self.view = rng, view
        self.frames = Frames(rng, view) if view.frames else None

    def variable(self, type_):
        if type_ == "timestamptz" and self.rng.random() < 0.2:
            return now()
        if self.frames and self.rng.random() < 0.6:
            return self.over(type_)
        fitting = [c for c in self.view.source.columns if c.type == type_ and not c.computed and not c.known]
        fitting = [n for n in map(column_node, fitting) if choice_fits(n)]
        return self.rng.choice(fitting) if fitting else None

    def over(self, type_):
        for _ in range(6):
            node = self.frames.aggregate(type_)
            if node is not None and not node.is_near:
                return node
        return None


def label_of(window, node):
    condition = "condition" if len(node.args) > node.argument_count else ""
    return " and ".join(filter(None, [window, condition])) or "no FILTER"


def sum_fits(argument):
    """A sum that no order of the values changes, in PostgreSQL either; positive ones nearly so."""
    if argument.is_wild:
        return False
    is_positive = argument.leaf is not None and argument.leaf.habit == "positive"
    return argument.type not in FLOATS or argument.is_exact or is_positive


def choice_fits(argument):
    """Values that PostgreSQL calls equal print the same."""
    element = element_of(argument.type)
    is_column = hasattr(argument.leaf, "habit")
    if element in FLOATS:
        return is_column or argument.has_one_zero
    if element == "interval":
        return argument.is_uniform and (is_column or "timestamptz -" in argument.what)
    return element != "numeric" or argument.is_uniform


def argument_fits(name, argument):
    if name in COUNTS or name in MOMENTS:
        return True
    if name in ("sum", "avg"):
        return sum_fits(argument)
    if name in ("sum DISTINCT", "avg DISTINCT"):
        return sum_fits(argument) and choice_fits(argument)
    if name.startswith("stddev") and argument.type in ("int8", "numeric"):
        return 2 * argument.whole < DIGITS_MAX  # it is the root of a numeric that must have room
    if name in SPREADS or name in ("regr_avgy", "regr_avgx"):
        return argument.type not in FLOATS or argument.is_exact and not argument.is_wild
    if name == "decayed_sum":  # no two cancel
        return argument.leaf is not None and argument.leaf.habit == "positive"
    return choice_fits(argument)


COUNTS = ("count", "count DISTINCT", "approx_count_distinct", "approx_percentile", "decayed_count",
          "regr_count", "histogram")
CHOICES = ("first", "last", "min_by", "max_by", "min", "max", "mode", "percentile_disc")
LISTS = ("last_n", "top_k", "array_agg", "array_agg DISTINCT")
SPREADS = ("variance", "var_samp", "var_pop", "stddev", "stddev_samp", "stddev_pop")
MOMENTS = ("covar_pop", "covar_samp", "corr", "regr_slope", "regr_intercept", "regr_r2", "regr_sxx", "regr_syy",
           "regr_sxy")
TRUTHS = ("bool_and", "bool_or", "every")
# OVER has neither DISTINCT nor WITHIN GROUP; decayed ones fall with now().
OVER = ("count", "first", "last", "min_by", "max_by", "min", "max", "sum", "avg",
        "approx_count_distinct") + TRUTHS + LISTS[:2]
FRACTIONS = ("0", "0.25", "0.5", "0.9", "1", "1/3.0", "0.999::float8")
LENGTHS = ("1", "2", "3", "5", "1000")
BUCKETS = ("0, 10, 5", "-2.5, 100, 7", "0::float8, 1, 1", "-100, 1e6, 3")
# So long that only times far out of the data are so many half-lives old that a float8 loses digits.
HALF_LIVES = ("interval '1 day'", "'36 hours'", "interval '10 days'", "interval '400 days 00:00:00.5'")


def aggregates():
    """(name, result type, argument types, call): None is any ordered type, few a column of small numbers, positive
    one of floats, same the first argument again. FILTER stands behind the call, or HERE."""
    forms = [("count", "int8", (), "count(*)")]

    def add(name, result, takes, call=None, copies=1):
        plain = f"{name}({', '.join(['{}'] * len(takes))})"
        forms.extend([(name, result, takes, call or plain)] * copies)

    for type_ in SUMMED:
        summed = {"int2": "int8", "int4": "int8", "int8": "numeric"}.get(type_, type_)
        mean = "numeric" if type_ in WHOLE + ("numeric",) else "float8" if type_ == "float4" else type_
        for name, result in (("sum", summed), ("avg", mean)):
            add(name, result, (type_,), copies=2)
            add(f"{name} DISTINCT", result, (type_,), f"{name}(DISTINCT {{}})")
    for type_ in NUMBERS:
        for name in SPREADS:
            add(name, "float8" if type_ in FLOATS else "numeric", (type_,))
    for type_ in FEATURES:
        add("count", "int8", (type_,))
        add("count DISTINCT", "int8", (type_,), "count(DISTINCT {})")
        add("mode", type_, (type_,), "mode() WITHIN GROUP (ORDER BY {})")
        add("percentile_disc", type_, (type_,), "percentile_disc(FRACTION) WITHIN GROUP (ORDER BY {})")
        for name in ("first", "last", "min_by", "max_by"):
            add(name, type_, (type_, None))
        if type_ in ORDERED:
            add("min", type_, (type_,))
            add("max", type_, (type_,))
    for type_ in SCALARS:
        add("approx_count_distinct", "int8", (type_,))
    for type_ in SCALARS:
        add("last_n", f"{type_}[]", (type_, None), "last_n({}, {}, COUNT)", copies=2)
        add("top_k", f"{type_}[]", (type_,), "top_k({}, COUNT)", copies=2)
        for order in ("{}, {} DESC NULLS LAST", "{} DESC, {} DESC NULLS LAST"):
            add("array_agg", f"{type_}[]", (type_, None, "same"), f"(array_agg({{}} ORDER BY {order})HERE)[1:COUNT]")
        add("array_agg DISTINCT", f"{type_}[]", (type_, "same"),
            "(array_agg(DISTINCT {} ORDER BY {} DESC)HERE)[1:COUNT]")
    add("histogram", "int4[]", ("float8",), "histogram({}, BUCKETS)", copies=4)
    for type_ in ("float8", "interval"):
        add("median", type_, (type_,), copies=2)
        add("percentile_cont", type_, (type_,), "percentile_cont(FRACTION) WITHIN GROUP (ORDER BY {})")
    for name in TRUTHS:
        add(name, "bool", ("bool",))
    add("regr_count", "int8", ("float8", "float8"))
    for name in ("regr_avgy", "regr_avgx"):
        add(name, "float8", ("float8", "float8"))
    for name in MOMENTS:
        add(name, "float8", ("few", "few"), copies=2)
    add("approx_percentile", "float8", ("float8",), "approx_percentile(FRACTION, {})", copies=2)
    add("decayed_sum", "float8", ("positive", "timestamptz"), "decayed_sum({}, {}, HALF_LIFE)", copies=6)
    add("decayed_count", "float8", ("timestamptz",), "decayed_count({}, HALF_LIFE)", copies=2)
    return forms


AGGREGATES = aggregates()
