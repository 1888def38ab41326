#!/usr/bin/env python3
"""The C and C++ of the tree is as clang-format and .editorconfig want it."""

import subprocess

import house

FORMATTED = (".c", ".h", ".cc")


def text_problems(path):
    text = house.read(path)
    if not text.endswith("\n"):
        yield f"{house.name(path)}: no newline at its end"
    for number, line in enumerate(text.splitlines(), 1):
        if line != line.rstrip():
            yield f"{house.name(path)}:{number}: ends in white space"
        if "\t" in line:
            yield f"{house.name(path)}:{number}: a tab"


def main():
    paths = [path for path in house.files("src", "include", "tests", suffixes=FORMATTED)
             if "cases" not in path.parts]
    problems = [each for path in house.files("src", "include", "tests", "tools", "examples",
                                             suffixes=(*house.CODE, ".py", ".sql", ".sh"))
                if "cases" not in path.parts for each in text_problems(path)]
    result = subprocess.run(["clang-format", "--dry-run", "-Werror", *map(house.name, paths)],
                            cwd=house.ROOT, text=True, capture_output=True, check=False)
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if "error:" in line]
        wrong = sorted({line.split(":")[0] for line in lines})
        problems += [f"{path}: run clang-format -i on it" for path in wrong] or [result.stderr]
    house.finish("format", problems, len(paths))


main()
