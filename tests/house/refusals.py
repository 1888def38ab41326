#!/usr/bin/env python3
"""Every refusal and every warning of the compiler is shown by a case of tests/cases, in its words.

The texts are the string literals that the compiler hands to diagnostics_error, diagnostics_warn and
its helpers of the name ..._refuse; what is put in for % may be anything. A text that no definition
file can provoke has no place in the compiler. Of what no case should hold (16 MiB, a byte that is no
text) a unit test of the compiler shows it.
"""

import re

import house

# What is handed a message, or a part of one, as the third argument.
PARTS = ("diagnostics_error", "diagnostics_warn", "refuse", "with_refuse", "type_refuse",
         "bound_refuse", "order_refuse")
PART = 2
LITERAL = r'"(?:\\.|[^"\\\n])*"'


def arguments(text, start):
    """The arguments of the call whose parenthesis opens at start, as written."""
    found, depth, begin = [], 0, start + 1
    for match in re.compile(rf"{LITERAL}|'(?:\\.|[^'\\])'|[()\[\]{{}},]").finditer(text, start):
        sign = match.group()
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(sign, 0)
        if (sign == "," and depth == 1) or depth == 0:
            found.append(text[begin:match.start()])
            begin = match.end()
        if depth == 0:
            return found
    return found


def literals(code):
    """The texts of an expression: neighbours are one, those of a ternary several."""
    for run in re.findall(rf"{LITERAL}(?:\s*{LITERAL})*", code):
        text = "".join(part[1:-1] for part in re.findall(LITERAL, run))
        yield text.replace('\\"', '"').replace("\\\\", "\\")


def texts():
    """(file, text) of every message or part of one."""
    for path in house.files("src/compiler", suffixes=(".c",)):
        code = house.read(path)
        for match in re.finditer(rf"\b({'|'.join(PARTS)})\(", code):
            given = arguments(code, match.end() - 1)
            if len(given) > PART:
                for text in literals(given[PART]):
                    yield house.name(path), text
        for table in re.findall(r"\} refused\[\] = \{(.*?)\n    \};", code, re.DOTALL):
            for text in re.findall(rf"TOKEN__\w+,\s*({LITERAL})", table):
                yield house.name(path), text[1:-1]


def pattern(text):
    """A format as a regular expression."""
    parts = re.split(r"%(?:[-+ 0#]*\d*(?:\.\d+|\.\*)?(?:ll|z|l|h)?[a-zA-Z]|%)", text)
    return re.compile(".*".join(re.escape(part) for part in parts))


def main():
    said = []
    for kind in ("refused", "warned"):
        for path in sorted((house.ROOT / "tests/cases").glob(f"*/{kind}")):
            said += re.findall(r"^definitions\.sql:\d+:\d+: (.*)$", house.read(path), re.MULTILINE)
    for path in house.files("tests/unit/compiler", suffixes=(".c",)):
        said += [text.removesuffix("\\n") for text in literals(house.read(path))]
    page = "\n".join(said)
    known = sorted(set(texts()))
    problems = [f"{path}: no case shows: {text}" for path, text in known
                if not pattern(text).search(page)]
    house.finish("refusals", problems, len(known) if said else 0)


main()
