"""A strict reader of Prometheus's text format 0.0.4: what promtool check metrics refuses, and more."""

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")
KINDS = {"counter", "gauge", "histogram"}


def family_of(name, kinds):
    for suffix in ("_bucket", "_sum", "_count"):
        base = name.removesuffix(suffix)
        if base != name and kinds.get(base) == "histogram":
            return base
    return name


def bucket_problems(family, buckets):
    """Counts never fall as le rises, and the last bucket is +Inf."""
    for labels, values in buckets.items():
        bounds = [float(le) for le, _ in values]
        counts = [count for _, count in values]
        if bounds != sorted(bounds) or bounds[-1] != float("inf"):
            yield f"{family}{{{labels}}}: buckets {bounds} do not rise to +Inf"
        if counts != sorted(counts):
            yield f"{family}{{{labels}}}: counts {counts} fall"


def sample_problems(line, kinds, current, buckets, seen):
    found = SAMPLE.fullmatch(line)
    if not found:
        yield f"not a sample: {line}"
        return
    name, labels, value = found.group(1), found.group(2) or "", found.group(3)
    family = family_of(name, kinds)
    if family != current:
        yield f"{name}: outside its family's lines (now: {current})"
    if (name, labels) in seen:
        yield f"{name}{{{labels}}}: twice"
    seen.add((name, labels))
    try:
        number = float(value)
    except ValueError:
        yield f"{name}: {value} is no number"
        return
    if kinds.get(family) == "counter" and not name.endswith("_total"):
        yield f"{name}: a counter's name ends in _total"
    if kinds.get(family) != "gauge" and number < 0:
        yield f"{name}: less than zero"
    if name.endswith("_bucket"):
        le = re.search(r'le="([^"]*)"', labels).group(1)
        rest = re.sub(r',?le="[^"]*"', "", labels)
        buckets.setdefault(family, {}).setdefault(rest, []).append((le, number))


def problems_of(text):
    kinds, helps, buckets, seen, current = {}, set(), {}, set(), None
    problems = [] if text.endswith("\n") else ["the last line has no end"]
    for line in text.splitlines():
        head = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
        if not head:
            problems += sample_problems(line, kinds, current, buckets, seen)
        elif head.group(1) == "HELP":
            problems += [f"{line}: HELP comes twice"] if head.group(2) in helps else []
            helps.add(head.group(2))
        else:
            current = head.group(2)
            if current in kinds or head.group(3) not in KINDS or current not in helps:
                problems.append(f"{line}: TYPE comes twice, is unknown or without HELP")
            kinds[current] = head.group(3)
    for family, of_labels in buckets.items():
        problems += bucket_problems(family, of_labels)
    return problems
