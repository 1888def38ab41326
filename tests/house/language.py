#!/usr/bin/env python3
"""Every aggregate and function of the tables in include/nowthen is in docs/definitions.md.

The page's reference of functions is made from the table itself: language.py --write does it, and the
check is that nothing would change.
"""

import re
import sys

import house

PAGE = "docs/definitions.md"
BEGIN, END = "<!-- functions.def, by tests/house/language.py --write -->\n", "<!-- end -->\n"
TYPES = {"INT2": "smallint", "INT4": "integer", "INT8": "bigint", "FLOAT4": "real", "BOOL": "boolean",
         "INT4_ARRAY": "integer[]", "TEXT_ARRAY": "text[]"}
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


def reference():
    """A row for each name, with the types it takes, in the order of the table."""
    rows = {}
    for _, kind, name, result, arguments in functions():
        if kind == "FUNCTION":
            rows.setdefault(name, []).append(WRITTEN.get(name) or signature(name, result, arguments))
    lines = [f"| `{name}` | {', '.join(f'`{form}`' for form in dict.fromkeys(forms))} |\n"
             for name, forms in sorted(rows.items())]
    return "| function | arguments and result |\n| --- | --- |\n" + "".join(lines)


def main():
    path = house.ROOT / PAGE
    page = house.read(path)
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    made = before + begin + reference() + end + after
    if "--write" in sys.argv:
        path.write_text(made, encoding="utf-8")
        page = made
    # What stands in backquotes, or in a table's cell of code, is what the page lists.
    code = " ".join(re.findall(r"```.*?```|`[^`\n]+`", page, re.DOTALL)).replace("\\|", "|")
    known = list(entries())
    problems = [f"{PAGE}: {sql} ({symbol}) is not in it" for sql, symbol in known
                if not re.search(rf"(?<!\w){re.escape(sql)}(?!\w)" if sql[0].isalpha()
                                 else re.escape(sql), code)]
    if not begin or not end or made != page:
        problems.append(f"{PAGE}: the reference of functions is not that of the table: "
                        "tests/house/language.py --write")
    house.finish("language", problems, len(known))


main()
