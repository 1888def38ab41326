"""One definition file with its data, through PostgreSQL and through nowthen eval, compared."""
import os
import re
import subprocess
import tempfile

import judge
from events import spine_csv

FLOAT_TOLERANCE = 1e-12
DIGITS_MAX = 1000
FIELD = re.compile(r'("(?:[^"]|"")*"|[^,\n]*)(,|\n|$)')
SECONDS_MAX = 120


class Difference:
    """kind: value, rejected, refused or broken; row and output index the answers of a value."""

    def __init__(self, kind, text, row=None, output=None):
        self.kind, self.text, self.row, self.output = kind, text, row, output


class Outcome:
    def __init__(self):
        self.differences, self.compared, self.limited, self.errors, self.filled = [], 0, 0, 0, 0
        self.refusal = None  # what PostgreSQL says of a definition file that both refuse


def csv_records(text):
    """Records of COPY's CSV: empty is None, "" is the empty text."""
    record, at = [], 0
    while at < len(text):
        match = FIELD.match(text, at)
        field, end = match.groups()
        record.append(field[1:-1].replace('""', '"') if field.startswith('"') else field or None)
        at = match.end()
        if end != ",":
            yield record
            record = []


def is_near(x, y, slack):
    try:
        a, b = float(x), float(y)
    except (TypeError, ValueError):
        return False
    return abs(a - b) <= FLOAT_TOLERANCE * max(abs(a), abs(b)) + slack


def is_beyond_limits(text):
    """A numeric with more digits or a greater scale than ours has, which is an error there."""
    if not isinstance(text, str):
        return False
    scale = len(re.sub(r"[^0-9]", "", text.partition(".")[2]))
    return scale > DIGITS_MAX or len(re.sub(r"[^0-9]", "", text).lstrip("0")) > DIGITS_MAX


def write(directory, definitions, data):
    os.makedirs(directory, exist_ok=True)
    files = {"definitions.sql": definitions.sql(), "spine.csv": spine_csv(definitions, data)}
    for name, lines in data.events.items():
        files[f"{name}.jsonl"] = "".join(line + "\n" for line in lines)
    for name, text in files.items():
        with open(os.path.join(directory, name), "w", encoding="utf-8", newline="") as file:
            file.write(text)


class Trial:
    """Runs cases in a scratch directory against one database."""

    def __init__(self, nowthen, conninfo, scratch):
        self.nowthen, self.conninfo, self.scratch = nowthen, conninfo, scratch

    def eval_start(self, directory, definitions):
        events = []
        for source in definitions.sources:
            events += ["--events", f"{source.name}={os.path.join(directory, source.name + '.jsonl')}"]
        return subprocess.Popen(
            [self.nowthen, "eval", os.path.join(directory, "definitions.sql"), *events, "--of",
             definitions.asked.name, "--spine", os.path.join(directory, "spine.csv")],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
            errors="replace",
        )

    def run(self, definitions, data):
        with tempfile.TemporaryDirectory(dir=self.scratch) as directory:
            write(directory, definitions, data)
            process = self.eval_start(directory, definitions)
            try:
                answers, refusal = judge.answer(self.conninfo, directory, definitions, data), None
            except judge.Refused as error:
                answers, refusal = None, str(error)
            try:
                out, err = process.communicate(timeout=SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                err += f"\nstopped after {SECONDS_MAX} s"
            return self.judge(definitions, data, answers, refusal, (process.returncode, out, err))

    def judge(self, definitions, data, answers, refusal, ours):
        outcome = Outcome()
        status, out, err = ours
        if refusal and status != 0:
            outcome.refusal = refusal
            return outcome
        if refusal:
            outcome.differences.append(Difference("refused", f"PostgreSQL refuses: {refusal}"))
        elif status != 0:
            kind = "refused" if status > 0 and "definitions.sql:" in err else "broken"
            outcome.differences.append(Difference(kind, f"nowthen eval, exit {status}: {err.strip()}"))
        else:
            self.compare_rejected(outcome, answers[1], err)
            records = list(csv_records(out))[1:]
            self.compare(outcome, definitions, data, answers[0], records)
        return outcome

    def compare_rejected(self, outcome, rejected, err):
        for source, numbers in rejected.items():
            ours = {int(n) for n in re.findall(rf"{source}\.jsonl:(\d+): rejected", err)}
            total = re.search(rf"{source}\.jsonl: (\d+) events rejected", err)
            count = int(total.group(1)) if total else len(ours)
            if count != len(numbers) or not ours <= numbers:
                said = [line for line in err.splitlines() if "rejected" in line and source in line]
                outcome.differences.append(Difference(
                    "rejected", f"{source}: PostgreSQL rejects events {sorted(numbers)[:20]} "
                    f"({len(numbers)}), ours {sorted(ours)} ({count}): {said[:3]}"))

    def compare(self, outcome, definitions, data, answers, records):
        outputs = definitions.outputs()
        if len(records) != len(data.spine):
            outcome.differences.append(Difference(
                "broken", f"{len(data.spine)} spine rows, {len(records)} answers"))
            return
        for row, (expected, record) in enumerate(zip(answers, records)):
            got = record[len(definitions.inputs()) + 1:]
            for i, (name, node) in enumerate(outputs):
                self.compare_value(outcome, (row, i, name, node), expected[i], got[i])

    def compare_value(self, outcome, place, expected, got):
        row, output, name, node = place
        failed = expected if isinstance(expected, judge.Failed) else None
        wanted = None if failed else expected
        outcome.errors += failed is not None
        outcome.filled += wanted is not None
        if wanted == got or (node.is_near and is_near(wanted, got, node.slack)):
            outcome.compared += 1
        elif got is None and is_beyond_limits(wanted):
            outcome.limited += 1
        else:
            said = f"error: {failed}" if failed else repr(wanted)
            outcome.differences.append(Difference(
                "value", f"row {row}, {name} = {node.text()}: PostgreSQL {said}, ours {got!r}",
                row, output))
