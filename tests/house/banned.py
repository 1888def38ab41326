#!/usr/bin/env python3
"""Calls that the house does without, each with what to write instead."""

import re

import house

BANNED = {
    "strcpy|strcat|strncpy|strncat|stpcpy": "know the size: memcpy, or base/bytes.h",
    "sprintf|vsprintf": "snprintf, or nt_arena_printf",
    "gets": "fgets, or getline",
    "atoi|atol|atoll|atof": "strtoll or strtod, and look at what was left over",
    "strtok|strsep": "find the separator with memchr",
    "alloca": "an arena",
    "system|popen": "posix_spawn with a list of arguments: no shell reads them",
    "setjmp|longjmp|sigsetjmp|siglongjmp": "return an enum nt_status",
    "rand|srand|random|drand48|rand_r": "a generator of our own with a printed seed",
    "gmtime|localtime|asctime|ctime|mktime": "row/time.h: no zone, no state of the C library",
    "setlocale|uselocale": "results must not depend on a locale",
    "tmpnam|tempnam|mktemp": "mkstemp or mkdtemp",
}
KEYWORDS = {
    "_Thread_local|__thread|thread_local": "hand the state in",
}


def problems_of(path):
    code = house.blank(house.read(path))
    patterns = [(rf"(?<![\w.>])({names})\s*\(", cure) for names, cure in BANNED.items()]
    patterns += [(rf"\b({names})\b", cure) for names, cure in KEYWORDS.items()]
    for pattern, cure in patterns:
        for found in re.finditer(pattern, code):
            line = code.count("\n", 0, found.start()) + 1
            yield f"{house.name(path)}:{line}: {found.group(1)}: instead, {cure}"


def main():
    problems, paths = [], list(house.files("src", "include"))
    for path in paths:
        problems += problems_of(path)
    house.finish("banned", problems, len(paths))


main()
