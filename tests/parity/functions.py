"""Functions of the definition language for the generator: SQL with a hole for each argument, by the type
of the result. What the tables of include/nowthen list is drawn as it stands there, unless it is named
below: by hand is what takes constants, or what has no bound. Holes of constants are filled in: what
PostgreSQL computes at planning is not compared.
"""
import collections
import re

import tables
from kinds import is_array

FORMS = {
    "int4": [
        ("length({})", ["text"]), ("octet_length({})", ["text"]), ("ascii({})", ["text"]),
        ("strpos({}, {})", ["text", "text"]), ("position('a' IN {})", ["text"]), ("abs({})", ["int4"]),
        ("mod({}, {})", ["int4", "int4"]), ("gcd({}, {})", ["int4", "int4"]),
        ("lcm({}, 6)", ["int4"]), ("min_scale({})", ["numeric"]),
        ("({} & {})", ["int4", "int4"]), ("({} # 5)", ["int4"]),
        ("({} << 3)", ["int4"]), ("(~ {})", ["int4"]), ("hashtext({})", ["text"]),
        ("width_bucket({}, 0, 10, 7)", ["float8"]), ("width_bucket({}, -2.5, 10, 4)", ["numeric"]),
        ("array_length({}, 1)", ["any[]"]), ("array_upper({}, 1)", ["any[]"]), ("array_lower({}, 1)", ["any[]"]),
        ("jsonb_array_length({} -> 'l')", ["jsonb"]),
    ],
    "int8": [("abs({})", ["int8"]), ("mod({}, {})", ["int8", "int8"]),
             ("gcd({}, {})", ["int8", "int4"]), ("({} | {})", ["int8", "int4"]), ("({} >> 2)", ["int8"])],
    "float8": [
        ("abs({})", ["float8"]), ("round({})", ["float8"]), ("ceil({})", ["float8"]),
        ("floor({})", ["int4"]), ("trunc({})", ["float8"]), ("sign({})", ["float8"]),
        ("sqrt({})", ["float8"]), ("sqrt({})", ["int4"]), ("cbrt({})", ["float8"]),
        ("power({}, 2)", ["float8"]), ("({} ^ {})", ["float8", "float8"]), ("exp({})", ["float8"]),
        ("ln({})", ["float8"]), ("log({})", ["float8"]), ("sin({})", ["float8"]),
        ("cos({})", ["int4"]), ("atan2({}, {})", ["float8", "float8"]), ("degrees({})", ["float8"]),
        ("radians({})", ["float8"]), ("date_part('second', {})", ["timestamptz"]),
        ("date_part('epoch', {})", ["timestamptz"]), ("date_part('epoch', {})", ["interval"]),
        ("date_part('isodow', {})", ["timestamptz"]), ("date_part('milliseconds', {})", ["interval"]),
    ],
    "numeric": [
        ("abs({})", ["numeric"]), ("round({})", ["numeric"]), ("round({}, 1)", ["numeric"]),
        ("round({}, -1)", ["numeric"]), ("trunc({}, 2)", ["numeric"]), ("ceil({})", ["numeric"]),
        ("floor({})", ["numeric"]), ("sign({})", ["numeric"]), ("mod({}, {})", ["numeric", "numeric"]),
        ("trim_scale({})", ["numeric"]), ("sqrt({})", ["numeric"]),
        ("gcd({}, {})", ["numeric", "numeric"]), ("lcm({}, {})", ["numeric", "numeric"]),
        ("div({}, {})", ["numeric", "numeric"]), ("round({}, 25)", ["numeric"]), ("trunc({})", ["numeric"]),
        ("ceiling({})", ["numeric"]), ("pow({}, 3)", ["numeric"]), ("log10({})", ["numeric"]),
        ("({})::numeric(9, 2)", ["numeric"]), ("({} -> 'n')::numeric", ["jsonb"]),
        ("({})::numeric", ["text"]),
        ("ln({})", ["numeric"]), ("log({})", ["numeric"]), ("log({}, {})", ["numeric", "numeric"]),
        ("({} ^ 2)", ["numeric"]), ("power({}, -3)", ["numeric"]), ("({} ^ 0.5)", ["numeric"]),
        ("power({}, {} % 20)", ["numeric", "numeric"]), ("exp({} % 50)", ["numeric"]),
    ],
    "text": [
        ("lower({})", ["text"]), ("upper({})", ["text"]), ("initcap({})", ["text"]),
        ("reverse({})", ["text"]), ("left({}, {})", ["text", "int4"]), ("right({}, -1)", ["text"]),
        ("substring({} FROM 2 FOR 3)", ["text"]), ("substr({}, {})", ["text", "int4"]),
        ("trim({})", ["text"]), ("ltrim({}, {})", ["text", "text"]), ("rtrim({}, 'a ')", ["text"]),
        ("replace({}, {}, 'xy')", ["text", "text"]), ("translate({}, 'ab ', 'BA')", ["text"]),
        ("split_part({}, ',', 1)", ["text"]), ("split_part({}, {}, -1)", ["text", "text"]),
        ("lpad({}, 5, '*日')", ["text"]), ("rpad({}, 3)", ["text"]), ("repeat({}, 2)", ["text"]),
        ("md5({})", ["text"]), ("({} || {})", ["text", "text"]), ("({} || {})", ["text", "int4"]),
        ("({} || {})", ["bool", "text"]), ("concat({}, {}, {})", ["text", "bool", "int8"]),
        ("({} || {})", ["text", "mood"]), ("concat({}, {})", ["mood", "mood"]),
        ("({})::varchar(3)", ["text"]), ("({} || {})", ["text", "jsonb"]), ("concat({}, {})", ["jsonb", "any[]"]),
        ("({} || {})", ["uuid", "text"]), ("({})::text", ["jsonb"]),
        ("({} ->> 's')", ["jsonb"]), ("({} ->> 'n')", ["jsonb"]),
        ("({} ->> -1)", ["jsonb"]), ("({} #>> '{{l,0}}')", ["jsonb"]), ("({} #>> '{{o,\"a b\",l,-1}}')", ["jsonb"]),
        ("({} #>> '{{}}')", ["jsonb"]), ("jsonb_typeof({} -> 'l' -> 1)", ["jsonb"]),
        ("array_to_string({}, ',')", ["any[]"]), ("lpad({}, 2)", ["text"]), ("rpad({}, 4, '<>')", ["text"]),
        ("concat_ws('-', {}, {}, {})", ["text", "int4", "date"]),
        ("to_char({}, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')", ["timestamptz"]),
        ("to_char({}, 'IYYY/IW/ID DDD D Q WW HH12 MS')", ["timestamptz"]),
        ("concat_ws('-', {}, {})", ["interval", "timestamptz"]), ("to_hex({})", ["int4"]),
    ],
    "bool": [
        ("({} LIKE '%a%')", ["text"]), ("({} LIKE {})", ["text", "text"]),
        ("({} NOT LIKE '_')", ["text"]), ("({} ILIKE 'A%')", ["text"]),
        ("({} LIKE '!%%' ESCAPE '!')", ["text"]), ("starts_with({}, {})", ["text", "text"]),
        ("({} = ANY (ARRAY[1, 2, 3]))", ["int4"]), ("({} <> ALL (ARRAY['a', '', 'b']))", ["text"]),
        ("({} = ANY (ARRAY[mood 'sad', 'glad']))", ["mood"]), ("({} > ALL (ARRAY[mood 'sad', 'it''s']))", ["mood"]),
        ("({} > ANY (ARRAY[0.5, 2, NULL]))", ["numeric"]), ("isfinite({})", ["timestamptz"]),
        ("({} ? 'n')", ["jsonb"]), ("({} -> 'l' ? 'a')", ["jsonb"]), ("({} = ANY ('{{1,2,NULL}}'))", ["int8"]),
        ("('b' = ANY ({}))", ["text[]"]), ("({} && {})", ["any[]", "any[]"]),
    ],
    "jsonb": [("({} -> 'o')", ["jsonb"]), ("({} -> 'l')", ["jsonb"]), ("({} -> 0)", ["jsonb"]),
              ("({} -> -1)", ["jsonb"]),
              ("({} #> '{{o,l}}')", ["jsonb"]), ("({} #> '{{l, 1 }}')", ["jsonb"])],
    "numeric[]": [("({})::numeric[]", ["float8[]"]), ("({})::numeric[]", ["int4[]"])],
    "int4[]": [("({})::int4[]", ["text"]), ("({})::int4[]", ["text[]"])],
    "text[]": [("({})::text[]", ["int8[]"]), ("({})::text[]", ["text"])],
    "mood": [("coalesce({}, 'calm')", ["mood"]), ("(CASE WHEN {} THEN 'sad' ELSE {} END)", ["bool", "mood"]),
             ("nullif('glad', {})", ["mood"])],
    "timestamptz": [
        ("date_trunc('hour', {})", ["timestamptz"]), ("date_trunc('week', {})", ["timestamptz"]),
        ("date_trunc('quarter', {})", ["timestamptz"]),
        ("date_bin('15 minutes', {}, timestamptz '2020-01-01 00:07:00+00')", ["timestamptz"]),
        ("to_timestamp({})", ["int4"]), ("to_timestamp({})", ["float8"]),
    ],
    "interval": [
        ("date_trunc('hour', {})", ["interval"]), ("date_trunc('month', {})", ["interval"]),
        ("justify_hours({})", ["interval"]), ("justify_days({})", ["interval"]),
        ("justify_interval({})", ["interval"]), ("make_interval(mins => mod({}, 1000))", ["int4"]),
    ],
}
# Of the tables, what is by hand: a constant must stand there, or a text or a numeric has no bound.
BY_HAND = {"extract", "date_part", "date_trunc", "date_bin", "make_interval", "width_bucket", "position", "concat",
           "concat_ws", "repeat", "lpad", "rpad", "to_timestamp", "to_char"}
# Drawn by Maker with what is known of their operands.
BY_MAKER = set("= <> < <= > >= + - * / %".split())
KINDS = ("FUNCTION", "OPERATOR")


def listed():
    """The forms by the type of the result; that of arrays is any[] where it is that of an argument."""
    found = collections.defaultdict(list)
    for line in tables.functions():
        if line.kind in KINDS and line.name not in BY_HAND | BY_MAKER and line.result != "numeric":
            found[line.result].append((line.form(), line.args))
    return found


LISTED = listed()


def in_turn():
    """(type, form, argument types) of everything, for those whose turn it is: what chance leaves out."""
    found = [(type_, *form) for forms_of in (FORMS, LISTED) for type_, each in forms_of.items() for form in each]
    for line in tables.functions():
        if line.kind == "OPERATOR" and line.name in BY_MAKER and line.result != "numeric":
            found.append((line.result, line.form(), line.args))
        if line.kind in ("IMPLICIT", "ASSIGNMENT", "EXPLICIT") and line.result != "numeric":
            found.append((line.result, f"({{}})::{line.result}", line.args))
    return found


def forms(type_):
    """Half by hand, as far as there are any of both."""
    table = LISTED[type_] + (LISTED["any[]"] if is_array(type_) else [])
    hand = FORMS.get(type_, [])
    return table + hand * max(1, len(table) // max(1, len(hand))) if table else hand


# What gives a value or NULL for any arguments, and no error.
SAFE = re.compile(
    r"\(\{\} (->>?|#>>?|\?|\|\||@>|<@|&&|LIKE|ILIKE|\^@) [^:]*\)|"
    r"(lower|upper|initcap|reverse|\w*length|ascii|strpos|position|starts_with|md5|hashtext|concat|concat_ws|"
    r"b?trim|[lr]trim|replace|translate|cardinality|jsonb_typeof|"
    r"array_(length|upper|lower|ndims|positions?|append|prepend|cat|remove|replace|to_string))\([^:]*\)")


def is_safe(form):
    return bool(SAFE.fullmatch(form)) and not form.startswith("jsonb_array_length")


# Digits before the point may become one more; behind it there are at most so many.
SCALES = {"round({})": 0, "ceil({})": 0, "floor({})": 0, "sign({})": 0, "round({}, 1)": 1,
          "round({}, -1)": 0, "trunc({}, 2)": 2, "round({}, 25)": 25, "div({}, {})": 0,
          "trunc({})": 0, "ceiling({})": 0, "({})::numeric(9, 2)": 2}


def numeric_bounds(node, form):
    """Sets how many digits a numeric may have, and whether its scale is known."""
    whole, scale = node.whole, node.scale
    node.whole = whole + 1
    if form.endswith("::numeric"):
        node.whole, node.scale = 410, 10  # 1e400 is among the numbers of values.py
    if form in SCALES:
        node.scale, node.is_uniform = SCALES[form], True
    elif form.startswith(("exp", "ln", "log", "pow", "({} ^")):
        node.whole, node.scale, node.is_uniform = 30 * whole + 30 * scale, scale + 40, False
    elif form == "sqrt({})":
        node.scale, node.is_uniform = max(scale, 20), False
    elif form.startswith(("mod", "trim_scale", "gcd", "lcm")):
        node.is_uniform = False
    if form.startswith(("lcm", "div")):
        node.whole = 2 * whole + 2 * scale
