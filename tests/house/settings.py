#!/usr/bin/env python3
"""Every setting of src/base/config.def is in docs/configuration.md and config/nowthen.conf, with its
default and its range, and those name no other."""

import re

import house

SETTING = re.compile(r'^NT_CONFIG_(TEXT|CHOICE|INT)\((\w+),\s*"([^"]+)",\s*((?:"[^"]*"|[^",]+))'
                     r'(?:,\s*(?:"([^"]*)"|(-?\d+),\s*(-?\d+)))?', re.MULTILINE)


def settings():
    """(key, default, range words), a default without its quotes."""
    text = house.read(house.ROOT / "src/base/config.def")
    text = text[text.index("*/"):]
    for kind, _, key, default, choices, low, high in SETTING.findall(text):
        words = choices.split("|") if kind == "CHOICE" else [low, high] if kind == "INT" else []
        yield key, default.strip('"'), words


def file_problems(known):
    text = house.read(house.ROOT / "config/nowthen.conf")
    written = {key: value.strip().strip('"')
               for key, value in re.findall(r"^(?:# )?([a-z_.]+) =(.*)$", text, re.MULTILINE)}
    for key, default, _ in known:
        if key not in written:
            yield f"config/nowthen.conf: no {key}"
        elif written[key] != default:
            yield f"config/nowthen.conf: {key} = {written[key]}, but its default is {default}"
    for key in written.keys() - {each[0] for each in known}:
        yield f"config/nowthen.conf: {key} is no setting"


def page_problems(known):
    text = house.read(house.ROOT / "docs/configuration.md")
    rows = {key: row for row, key in re.findall(r"^(\| `([a-z_.]+)` \|.*)$", text, re.MULTILINE)}
    for key, default, words in known:
        environment = "NOWTHEN_" + key.upper().replace(".", "_")
        wanted = [f"`{environment}`", f"`{default}`" if default else "empty", *words]
        if key not in rows:
            yield f"docs/configuration.md: no row for {key}"
            continue
        for word in wanted:
            if word not in rows[key]:
                yield f"docs/configuration.md: the row of {key} does not say {word}"
    for key in rows.keys() - {each[0] for each in known}:
        yield f"docs/configuration.md: {key} is no setting"


def main():
    known = list(settings())
    lines = len(re.findall(r"^NT_CONFIG_", house.read(house.ROOT / "src/base/config.def"),
                           re.MULTILINE))
    problems = [*file_problems(known), *page_problems(known)]
    if len(known) != lines:
        problems.append(f"settings.py reads {len(known)} of {lines} lines of config.def")
    house.finish("settings", problems, len(known))


main()
