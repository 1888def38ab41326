#!/usr/bin/env python3
"""Every script parses and every one of tools/ and examples/ explains itself with --help."""

import subprocess

import house


def interpreter(path):
    with open(path, "rb") as script:
        first = script.readline()
    return "python" if b"python" in first else "bash" if b"bash" in first else None


def run(*command):
    return subprocess.run(command, cwd=house.ROOT, stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, check=False)


def problems_of(path):
    if interpreter(path) == "bash":
        result = run("bash", "-n", str(path))
    else:
        result = run("python3", "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())",
                     str(path))
    if result.returncode != 0:
        yield f"{house.name(path)} does not parse:\n{result.stderr.rstrip()}"
        return
    result = run(str(path), "--help")
    if result.returncode != 0 or "usage:" not in result.stdout:
        yield f"{house.name(path)} --help: exit status {result.returncode}, or no usage"


def main():
    paths = [path for folder in ("tools", "examples") for path in sorted((house.ROOT / folder).rglob("*"))
             if path.is_file() and path.stat().st_mode & 0o111 and interpreter(path)]
    house.finish("scripts", [each for path in paths for each in problems_of(path)], len(paths))


main()
