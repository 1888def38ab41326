"""What the checks of tests/house share: where the tree is, its files, and how a check ends."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CODE = (".c", ".h", ".cc", ".def")


def files(*folders, suffixes=CODE):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in suffixes:
                yield path


def name(path):
    return str(path.relative_to(ROOT))


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8")


COMMENT_OR_LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def blank(text):
    """The code with comments, strings and characters replaced by spaces; lines stay lines."""
    return COMMENT_OR_LITERAL.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def finish(what, problems, looked_at):
    """Ends a check. One that looked at nothing proves nothing, so it fails."""
    for problem in problems:
        print(problem)
    if not looked_at:
        print(f"{what}: looked at nothing: has something moved?")
        sys.exit(1)
    if problems:
        print(f"{what}: {len(problems)} problems")
        sys.exit(1)
    print(f"{what}: {looked_at} looked at, all in order")
