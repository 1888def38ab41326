#!/usr/bin/env python3
"""Each installed header compiles alone, as C17 and as C++17, with the house's warnings."""

import os
import subprocess

import house

WARNINGS = ["-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Wvla", "-Werror"]
LANGUAGES = [
    (os.environ.get("CC", "cc"), "c", ["-std=gnu17", "-Wstrict-prototypes"]),
    # Members that a designated initialiser leaves out are zero: C's idiom, of which g++ warns.
    (os.environ.get("CXX", "c++"), "c++", ["-std=gnu++17", "-Wno-missing-field-initializers"]),
]


def compiles(header, compiler, language, options):
    return subprocess.run(
        [compiler, "-x", language, *WARNINGS, *options, "-fsyntax-only", "-I", "include", "-"],
        input=f'#include "nowthen/{header.name}"\n', text=True, cwd=house.ROOT,
        capture_output=True, check=False)


def main():
    problems, count = [], 0
    for header in house.files("include", suffixes=(".h",)):
        for compiler, language, options in LANGUAGES:
            count += 1
            result = compiles(header, compiler, language, options)
            if result.returncode != 0:
                problems.append(f"{house.name(header)} does not compile alone as {options[0]}:\n"
                                + "\n".join(result.stderr.splitlines()[:12]))
    house.finish("headers", problems, count)


main()
