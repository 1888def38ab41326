#!/usr/bin/env python3
"""Rooms link one way: LINKS in CMake are exactly the arrows listed in ARCHITECTURE.md, the arrows
have no cycle, and a file includes headers only of rooms its own can reach. Each third-party library
has one room."""

import re

import house

LIBRARIES = {
    "rocksdb/": {"online"},
    "librdkafka/": {"stream"},
    "libpq-fe.h": {"offline"},
    "event2/": {"serve"},
    "pg_query": {"compiler"},
    "simdjson": {"decode"},
    "gmp.h": {"row"},
    "xxhash.h": {"base"},
}


def arrows():
    """{room: rooms it links to}, from the block of lines like "stream -> online decode"."""
    text = house.read(house.ROOT / "ARCHITECTURE.md")
    lines = re.findall(r"^(\w+) +→ +([\w ]+)$", text, re.MULTILINE)
    graph = {room: set(targets.split()) for room, targets in lines}
    for targets in list(graph.values()):
        for target in targets:
            graph.setdefault(target, set())
    return graph


def cmake_links(room):
    text = house.read(house.ROOT / "src" / room / "CMakeLists.txt")
    found = re.search(r"\bLINKS\s+([\w\s]+?)\s*(?:LIBRARIES\b|\))", text)
    return set(found.group(1).split()) if found else set()


def cmake_links_of_command():
    """The command is an executable, not a room: it names targets, and files of those it takes whole."""
    text = house.read(house.ROOT / "src/cli/CMakeLists.txt")
    links = " ".join(re.findall(r"target_link_\w+\(nowthen PRIVATE((?:[^()]|\([^()]*\))*)\)", text))
    whole = set(re.findall(r"\$<TARGET_FILE:(\w+)>", links))
    links = re.sub(r"\$<LINK_LIBRARY:\w+,([^>]*)>", r"\1", links)
    links = re.sub(r"\$<[^>]*>|LINKER:\S+|\w+::\w+", " ", links)
    return whole | set(re.findall(r"\w+", links))


def reach(graph, room):
    seen, todo = set(), [room]
    while todo:
        each = todo.pop()
        if each not in seen:
            seen.add(each)
            todo.extend(graph.get(each, ()))
    return seen


def link_problems(graph):
    rooms = {path.parent.name for path in (house.ROOT / "src").glob("*/CMakeLists.txt")}
    for room in sorted(rooms ^ set(graph)):
        yield f"{room}: is in src/ or among the arrows of ARCHITECTURE.md, but not in both"
    for room in sorted(rooms & set(graph)):
        links = cmake_links_of_command() if room == "cli" else cmake_links(room)
        if links != graph[room]:
            yield (f"src/{room}/CMakeLists.txt links {sorted(links)}, "
                   f"ARCHITECTURE.md says {sorted(graph[room])}")
        if any(room in reach(graph, target) for target in graph[room]):
            yield f"{room}: its arrows come back to it"


def include_problems(graph, path):
    room = path.parent.name
    reachable = reach(graph, room)
    for number, line in enumerate(house.read(path).splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
        if not found:
            continue
        header, where = found.group(1), f"{house.name(path)}:{number}"
        other = header.split("/")[0] if "/" in header else None
        if other in graph and other not in reachable:
            yield f"{where}: {room} has no arrow to {other}, but includes {header}"
        for library, homes in LIBRARIES.items():
            if header.startswith(library) and room not in homes:
                yield f"{where}: {header} belongs to {'/'.join(homes)}: call that room"


def main():
    graph = arrows()
    problems = list(link_problems(graph))
    paths = list(house.files("src"))
    for path in paths:
        problems += include_problems(graph, path)
    house.finish("layers", problems, len(paths) if graph else 0)


main()
