#!/usr/bin/env python3
"""What the nowthen command exports to the programs it loads carries the prefix nt_, and the whole
function table is there.

usage: symbols.py NOWTHEN
"""

import re
import subprocess
import sys

import house

# Put into every executable by the linker and the C++ library, not by us.
NOT_OURS = re.compile(
    r"(_init|_fini|_start|__bss_start|_edata|_end|__data_start|data_start|_IO_stdin_used|main"
    r"|__dso_handle|_Z.*|__asan_.*|__ubsan_.*|__lsan_.*|__tsan_.*|__sanitizer_.*)$")


def exported(binary):
    output = subprocess.run(["nm", "-D", "--defined-only", "-P", binary], check=True, text=True,
                            capture_output=True).stdout
    # Weak ones (V, W, u) are C++'s own templates; ours are strong.
    rows = [line.split() for line in output.splitlines()]
    # name@VERSION: a copy of a variable of libc, put there by the linker (stdout).
    return {row[0] for row in rows if row[1] in "TDBRGS" and "@" not in row[0]}


def declared():
    text = house.read(house.ROOT / "include/nowthen/functions.def")
    functions = re.findall(r"^NT_FUNCTION[0-9S]\((\w+),", text, re.MULTILINE)
    text = house.read(house.ROOT / "include/nowthen/aggregates.def")
    aggregates = re.findall(r"^NT_AGGREGATE\((\w+),", text, re.MULTILINE)
    return [f"nt_{each}" for each in functions] + [f"nt_aggregate_{each}" for each in aggregates]


def main():
    symbols = exported(sys.argv[1])
    problems = [f"{each}: exported without the prefix nt_ (is hidden visibility off?)"
                for each in sorted(symbols)
                if not each.startswith("nt_") and not NOT_OURS.match(each)]
    wanted = declared()
    problems += [f"{each}: in the table, but programs would not find it in nowthen"
                 for each in wanted if each not in symbols]
    house.finish("symbols", problems, len(symbols) if wanted else 0)


main()
