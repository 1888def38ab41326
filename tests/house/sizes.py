#!/usr/bin/env python3
"""Functions stay short enough to read at once, files short enough to find things in.

Fails on a function of more than 120 lines or a file of more than 1000; lists functions over 70 lines
and files over 500, and prints the median and the part of functions under 60.
"""

import re
import statistics

import house

FUNCTION_LISTED, FUNCTION_MAX = 70, 120
FILE_LISTED, FILE_MAX = 500, 1000


def functions(path):
    """(name, first line, lines): a body begins with a { in column 0 and ends with a }, as
    clang-format lays functions out."""
    lines = house.blank(house.read(path)).splitlines()
    start = None
    for number, line in enumerate(lines):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start is not None:
            head = " ".join(lines[max(0, start - 4):start])
            names = re.findall(r"(\w+)\s*\(", head.rsplit("}", 1)[-1].rsplit(";", 1)[-1])
            yield names[0] if names else "?", start + 1, number - start + 1
            start = None


def main():
    problems, sizes, paths = [], [], list(house.files("src", suffixes=(".c", ".cc", ".h")))
    for path in paths:
        count = len(house.read(path).splitlines())
        if count > FILE_MAX:
            problems.append(f"{house.name(path)}: {count} lines: split it by what it does")
        elif count > FILE_LISTED:
            print(f"long: {house.name(path)}: {count} lines")
        for function, line, size in functions(path):
            sizes.append(size)
            if size > FUNCTION_MAX:
                problems.append(f"{house.name(path)}:{line}: {function} has {size} lines")
            elif size > FUNCTION_LISTED:
                print(f"long: {house.name(path)}:{line}: {function}: {size} lines")
    if sizes:
        part = sum(size < 60 for size in sizes) / len(sizes)
        print(f"{len(sizes)} functions, median {statistics.median(sizes):g} lines, "
              f"{part:.1%} under 60, the longest {max(sizes)}")
    house.finish("sizes", problems, len(sizes))


main()
