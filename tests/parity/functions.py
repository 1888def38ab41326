"""Functions of the definition language for the generator: SQL with a hole for each argument, by the type
of the result. Holes of constants are filled in: what PostgreSQL computes at planning is not compared.
"""

FORMS = {
    "int4": [
        ("length({})", ["text"]), ("octet_length({})", ["text"]), ("ascii({})", ["text"]),
        ("strpos({}, {})", ["text", "text"]), ("position('a' IN {})", ["text"]), ("abs({})", ["int4"]),
        ("mod({}, {})", ["int4", "int4"]), ("gcd({}, {})", ["int4", "int4"]),
        ("lcm({}, 6)", ["int4"]), ("min_scale({})", ["numeric"]), ("({} & {})", ["int4", "int4"]), ("({} # 5)", ["int4"]),
        ("({} << 3)", ["int4"]), ("(~ {})", ["int4"]), ("hashtext({})", ["text"]),
        ("width_bucket({}, 0, 10, 7)", ["float8"]), ("width_bucket({}, -2.5, 10, 4)", ["numeric"]),
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
        ("div({}, {})", ["numeric", "numeric"]), ("round({}, 25)", ["numeric"]),
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
        ("concat_ws('-', {}, {})", ["interval", "timestamptz"]), ("to_hex({})", ["int4"]),
    ],
    "bool": [
        ("({} LIKE '%a%')", ["text"]), ("({} LIKE {})", ["text", "text"]),
        ("({} NOT LIKE '_')", ["text"]), ("({} ILIKE 'A%')", ["text"]),
        ("({} LIKE '!%%' ESCAPE '!')", ["text"]), ("starts_with({}, {})", ["text", "text"]),
        ("({} = ANY (ARRAY[1, 2, 3]))", ["int4"]), ("({} <> ALL (ARRAY['a', '', 'b']))", ["text"]),
        ("({} = ANY (ARRAY[mood 'sad', 'glad']))", ["mood"]), ("({} > ALL (ARRAY[mood 'sad', 'it''s']))", ["mood"]),
        ("({} > ANY (ARRAY[0.5, 2, NULL]))", ["numeric"]), ("isfinite({})", ["timestamptz"]),
    ],
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
# Digits before the point may become one more; behind it there are at most so many.
SCALES = {"round({})": 0, "ceil({})": 0, "floor({})": 0, "sign({})": 0, "round({}, 1)": 1,
          "round({}, -1)": 0, "trunc({}, 2)": 2, "round({}, 25)": 25, "div({}, {})": 0}


def numeric_bounds(node, form):
    """Sets how many digits a numeric may have, and whether its scale is known."""
    whole, scale = node.whole, node.scale
    node.whole = whole + 1
    if form in SCALES:
        node.scale, node.is_uniform = SCALES[form], True
    elif form.startswith(("exp", "ln", "log", "power", "({} ^")):
        node.whole, node.scale, node.is_uniform = 30 * whole + 30 * scale, scale + 40, False
    elif form == "sqrt({})":
        node.scale, node.is_uniform = max(scale, 20), False
    elif form.startswith(("mod", "trim_scale", "gcd", "lcm")):
        node.is_uniform = False
    if form.startswith(("lcm", "div")):
        node.whole = 2 * whole + 2 * scale
