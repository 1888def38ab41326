#!/usr/bin/env python3
"""Every aggregate and function of the tables in include/nowthen is in docs/definitions.md."""

import re

import house

PAGE = "docs/definitions.md"


def entries():
    """(SQL name, symbol) of every line of both tables; casts are documented as types, not names."""
    aggregates = house.read(house.ROOT / "include/nowthen/aggregates.def")
    for symbol, sql in re.findall(r'^NT_AGGREGATE\((\w+), "([^"]+)"', aggregates, re.MULTILINE):
        yield sql, symbol
    functions = house.read(house.ROOT / "include/nowthen/functions.def")
    for symbol, sql in re.findall(r'^NT_FUNCTION[12]\((\w+), (?:OPERATOR|FUNCTION), "([^"]+)"',
                                  functions, re.MULTILINE):
        yield sql, symbol


def main():
    # What stands in backquotes, or in a table's cell of code, is what the page lists.
    code = " ".join(re.findall(r"```.*?```|`[^`\n]+`", house.read(house.ROOT / PAGE), re.DOTALL))
    known = list(entries())
    problems = [f"{PAGE}: {sql} ({symbol}) is not in it" for sql, symbol in known
                if not re.search(rf"(?<!\w){re.escape(sql)}(?!\w)" if sql[0].isalpha()
                                 else re.escape(sql), code)]
    house.finish("language", problems, len(known))


main()
