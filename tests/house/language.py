#!/usr/bin/env python3
"""Every type, aggregate and function of the tables in include/nowthen is in docs/definitions.md.

The page's references are made from the tables themselves: language.py --write does it, and the check
is that nothing would change.
"""

import re
import sys

import house

PAGE = "docs/definitions.md"
BEGIN, END = "<!-- {}, by tests/house/language.py --write -->\n", "<!-- end -->\n"
TYPES = {"INT2": "smallint", "INT4": "integer", "INT8": "bigint", "FLOAT4": "real", "BOOL": "boolean",
         "INT4_ARRAY": "integer[]", "TEXT_ARRAY": "text[]"}
# What the rows of aggregates.def say for a type.
CLASSES = {"ANY": "any", "ORDERED": "ordered", "SAME": "same", "DECAYED": "float8",
           "CONSTANT_FLOAT8": "constant float8", "CONSTANT_INTERVAL": "constant interval",
           "CONSTANT_INT4": "constant integer", "BOUND": "float8", "ARRAY": "same[]",
           "DISTINCT": "DISTINCT", "ORDER_BY": "ORDER BY any"}
# The names under which PostgreSQL's grammar knows a type beside its own.
OTHERS = {
    "boolean": ["bool"], "smallint": ["int2"], "integer": ["int", "int4"], "bigint": ["int8"],
    "real": ["float4", "float(1)` to `float(24)"], "double precision": ["float8", "float"],
    "numeric": ["decimal", "numeric(p, s)"], "text": ["varchar", "varchar(n)", "character varying"],
    "timestamp with time zone": ["timestamptz"],
}
# What the compiler makes of these arguments before the table is asked.
WRITTEN = {
    "concat": "(any, ...) → text", "concat_ws": "(text, any, ...) → text",
    "make_interval": "(years integer, months integer, weeks integer, days integer, hours integer, "
                     "mins integer, secs float8) → interval",
}
FIELDS = ("extract", "date_part", "date_trunc")


def functions():
    """(symbol, kind, SQL name, result, argument types) of every line of functions.def and arrays.def."""
    text = house.read(house.ROOT / "include/nowthen/functions.def")
    text += house.read(house.ROOT / "include/nowthen/arrays.def")
    for line in re.findall(r"^NT_(?:ARRAY_)?FUNCTION[0-9S]\((\w+, [A-Z]+, .*)\)$", text, re.MULTILINE):
        symbol, kind, rest = line.split(", ", 2)
        name, types = re.fullmatch(r'"([^"]+)", (.*)', rest).groups()
        result, *arguments = types.split(", ")
        yield symbol, kind, name, result, arguments


def entries():
    """(SQL name, symbol) of every line of both tables; casts are documented as types, not names."""
    aggregates = house.read(house.ROOT / "include/nowthen/aggregates.def")
    for symbol, sql in re.findall(r'^NT_AGGREGATE\((\w+), "([^"]+)"', aggregates, re.MULTILINE):
        yield sql, symbol
    for symbol, kind, name, _, _ in functions():
        if kind in ("OPERATOR", "FUNCTION"):
            yield name, symbol


def signature(name, result, arguments):
    words = [TYPES.get(a, a.lower()) for a in arguments]
    if name in FIELDS:
        words[0] = "field"
    return f"({', '.join(words)}) → {TYPES.get(result, result.lower())}"


def rows_of(forms, title):
    """A row for each name, with the types it takes, in the order of the table."""
    lines = [f"| `{name}` | {', '.join(f'`{form}`' for form in dict.fromkeys(found))} |\n"
             for name, found in forms.items()]
    return f"| {title} | arguments and result |\n| --- | --- |\n" + "".join(lines)


def function_reference():
    rows = {}
    for _, kind, name, result, arguments in functions():
        if kind == "FUNCTION":
            rows.setdefault(name, []).append(WRITTEN.get(name) or signature(name, result, arguments))
    return rows_of(dict(sorted(rows.items())), "function")


def aggregate_form(result, arguments):
    words = [CLASSES.get(a) or TYPES.get(a, a.lower()) for a in arguments]
    if "ORDER BY any" in words:  # behind it is the bound of the list
        return f"({' '.join(words[:-1])})[1:{words[-1]}] → {CLASSES[result]}"
    left = ", ".join(words[:words.index("within_group")] if "within_group" in words else words)
    if "within_group" in words:
        within = ", ".join(words[words.index("within_group") + 1:])
        left = f"({left}) WITHIN GROUP (ORDER BY {within})"
    else:
        left = f"({left or '*'})"
    return f"{left} → {CLASSES.get(result) or TYPES.get(result, result.lower())}"


def aggregate_reference():
    rows = {}
    text = house.read(house.ROOT / "include/nowthen/aggregates.def")
    for line in re.findall(r"^NT_AGGREGATE\(\w+, (.*)\)$", text, re.MULTILINE):
        name, result, *arguments = line.split(", ")
        rows.setdefault(name.strip('"'), []).append(aggregate_form(result, arguments))
    return rows_of(rows, "aggregate")


def type_reference():
    text = house.read(house.ROOT / "include/nowthen/value.h")
    table = re.search(r"#define NT_TYPES\(X\)(.*?)\n\n", text, re.DOTALL).group(1)
    lines = [f"| `{name}` | {', '.join(f'`{other}`' for other in OTHERS.get(name, []))} |\n"
             for name in re.findall(r'X\(\w+, "([^"]+)"', table)]
    return "| type | is also written |\n| --- | --- |\n" + "".join(lines)


REFERENCES = {"value.h": type_reference, "aggregates.def": aggregate_reference,
              "functions.def": function_reference}


def made_of(page, table):
    """The page with one reference as its table says it now; None: there is no place for it."""
    before, begin, rest = page.partition(BEGIN.format(table))
    _, end, after = rest.partition(END)
    return before + begin + REFERENCES[table]() + end + after if begin and end else None


def main():
    path = house.ROOT / PAGE
    page = house.read(path)
    problems = []
    for table in REFERENCES:
        made = made_of(page, table)
        if made and "--write" in sys.argv:
            path.write_text(made, encoding="utf-8")
            page = made
        if made != page:
            problems.append(f"{PAGE}: the reference is not what {table} says: "
                            "tests/house/language.py --write")
    # What stands in backquotes, or in a table's cell of code, is what the page lists.
    code = " ".join(re.findall(r"```.*?```|`[^`\n]+`", page, re.DOTALL)).replace("\\|", "|")
    known = list(entries())
    problems += [f"{PAGE}: {sql} ({symbol}) is not in it" for sql, symbol in known
                if not re.search(rf"(?<!\w){re.escape(sql)}(?!\w)" if sql[0].isalpha()
                                 else re.escape(sql), code)]
    house.finish("language", problems, len(known))


main()
