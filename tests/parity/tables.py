"""What the tables of include/nowthen list: functions, operators and casts, those of arrays, aggregates."""
import os
import re

INCLUDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "include", "nowthen")
ARRAYS = {"anyarray": "any[]", "anycompatiblearray": "any[]", "anyelement": "any", "anycompatible": "any",
          "int4_array": "int4[]"}


class Line:
    """Of functions.def or arrays.def: types in SQL's names, any of the same type being any and any[]."""

    def __init__(self, macro, symbol, kind, name, types):
        self.symbol, self.kind, self.name = symbol, kind, name
        types = [ARRAYS.get(t.lower(), t.lower()) for t in types]
        self.result, self.args = types[0], types[1:]
        self.takes_more = macro == "NT_FUNCTIONS"

    def form(self):
        if self.kind == "OPERATOR":
            return f"({{}} {self.name} {{}})" if len(self.args) == 2 else f"({self.name} {{}})"
        return f"{self.name}({', '.join(['{}'] * len(self.args))})"


def lines(name):
    with open(os.path.join(INCLUDE, name), encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    for macro, inside in re.findall(r"^(NT_\w+)\((.*)\)$", text, re.M):
        yield macro, [part.strip().strip('"') for part in inside.split(",")]


def functions():
    for name in ("functions.def", "arrays.def"):
        for macro, (symbol, kind, sql, *types) in lines(name):
            yield Line(macro, symbol, kind, sql, types)


def aggregates():
    """(symbol, SQL name) of each."""
    return [(symbol, sql) for _, (symbol, sql, *_) in lines("aggregates.def")]
