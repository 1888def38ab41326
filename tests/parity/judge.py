"""PostgreSQL's answers to a whole definition file in one round trip.

The definition file goes through tests/support/oracle.py's reading of it into the schema asof; here the
questions are put together: all features of all spine rows of one T at a time. What raises an error is
asked again in halves, down to one feature of one row, whose answer then is NULL (contract §4). Each
question runs in a transaction that is rolled back.
"""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import oracle  # noqa: E402
from definitions import MOOD  # noqa: E402

SETTINGS = """
SET client_min_messages = warning; SET TimeZone = 'UTC'; SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres'; SET jit = off; SET standard_conforming_strings = on;
SET search_path = asof, pg_catalog, public;
"""
# now() is folded into a constant when a question is planned, which is after it was set.
SCHEMA = """
CREATE OR REPLACE FUNCTION asof.now() RETURNS timestamptz LANGUAGE sql IMMUTABLE
  AS $$ SELECT pg_catalog.current_setting('asof.now')::timestamptz $$;

-- "cannot convert NaN to bigint" is of the class feature_not_supported.

-- A numeric of more digits than ours has is an error there, and so is what reads it.
CREATE FUNCTION asof.limited(x numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF length(ltrim(translate(x::text, '-.', ''), '0')) > 1000 THEN
    RAISE numeric_value_out_of_range USING MESSAGE = 'a numeric of more than 1000 digits is read';
  END IF;
  RETURN x;
END $$;

-- Puts the lines of events into the table of a source; gives the numbers of those it refuses.
CREATE FUNCTION asof.load(source text, lines text[]) RETURNS SETOF int LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. coalesce(array_length(lines, 1), 0) LOOP
    BEGIN
      PERFORM asof.take(source, lines[i]::json);
    EXCEPTION WHEN data_exception OR feature_not_supported OR integrity_constraint_violation
      OR generated_always THEN RETURN NEXT i;
    END;
  END LOOP;
END $$;

-- Numbers of the events in whose evaluation an error is raised.
CREATE FUNCTION asof.failing(events text, expression text, numbers int[]) RETURNS SETOF int
  LANGUAGE plpgsql AS $$
DECLARE half int := array_length(numbers, 1) / 2;
BEGIN
  IF numbers IS NULL OR numbers = '{}' THEN RETURN; END IF;
  BEGIN
    EXECUTE format('SELECT count(%s) FROM %s WHERE nowthen_n = ANY ($1)', expression, events)
      USING numbers;
  EXCEPTION WHEN data_exception OR feature_not_supported THEN
    IF half = 0 THEN RETURN NEXT numbers[1]; RETURN; END IF;
    RETURN QUERY SELECT * FROM asof.failing(events, expression, numbers[:half]);
    RETURN QUERY SELECT * FROM asof.failing(events, expression, numbers[half + 1:]);
  END;
END $$;

-- The columns first, first + 1, ... of body for some of its rows.
CREATE FUNCTION asof.answers(first int, columns text[], body text, numbers int[]) RETURNS SETOF jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  found jsonb;
  half int;
  listed text := '';
  texts text := '';
BEGIN
  FOR i IN 1 .. array_length(columns, 1) LOOP
    listed := listed || format(', %s AS c%s', columns[i], i);
    texts := texts || format(', CASE WHEN c%1$s IS NULL THEN NULL ELSE pg_catalog.format(''%%s'', c%1$s) '
                             'END', i);
  END LOOP;
  BEGIN
    EXECUTE format('SELECT jsonb_agg(to_jsonb(ARRAY[n::text%s])) FROM (SELECT r.nowthen_n AS n%s FROM %s '
                   'WHERE r.nowthen_n = ANY ($1) OFFSET 0) q', texts, listed, body)
      INTO found USING numbers;
    RETURN NEXT jsonb_build_object('first', first, 'rows', found);
  EXCEPTION WHEN data_exception OR feature_not_supported THEN
    IF array_length(columns, 1) > 1 THEN
      half := array_length(columns, 1) / 2;
      RETURN QUERY SELECT * FROM asof.answers(first, columns[:half], body, numbers);
      RETURN QUERY SELECT * FROM asof.answers(first + half, columns[half + 1:], body, numbers);
    ELSIF array_length(numbers, 1) > 1 THEN
      half := array_length(numbers, 1) / 2;
      RETURN QUERY SELECT * FROM asof.answers(first, columns, body, numbers[:half]);
      RETURN QUERY SELECT * FROM asof.answers(first, columns, body, numbers[half + 1:]);
    ELSE
      RETURN NEXT jsonb_build_object('first', first, 'row', numbers[1], 'error', SQLERRM);
    END IF;
  END;
END $$;

CREATE FUNCTION asof.answers_at(columns text[], body text, times text[], rows jsonb) RETURNS SETOF jsonb
  LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. coalesce(array_length(times, 1), 0) LOOP
    PERFORM set_config('asof.now', times[i], false);
    RETURN QUERY SELECT * FROM asof.answers(0, columns, body,
      ARRAY(SELECT n::int FROM jsonb_array_elements_text(rows -> (i - 1)) AS t(n)));
  END LOOP;
END $$;
"""


class Refused(Exception):
    """PostgreSQL does not take the definition file."""


class Failed(Exception):
    """A value PostgreSQL raised an error for: stands in its place in the answers."""


def quoted(text):
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def array(texts, type_="text"):
    return "ARRAY[" + ", ".join(map(quoted, texts)) + f"]::{type_}[]"


def psql(conninfo, script):
    done = subprocess.Popen(
        ["psql", "-X", "-q", "-A", "-t", "-d", conninfo, "-v", "ON_ERROR_STOP=1"], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )
    out, err = done.communicate(script)
    if done.returncode != 0:
        raise Refused(err.strip())
    return out


def prepare(conninfo):
    with open(oracle.AGGREGATES, encoding="utf-8") as file:
        psql(conninfo, oracle.PROLOGUE + MOOD + file.read() + ";\n" + SCHEMA)


def event_expression(view):
    """What an event is asked for a view: WHERE, then each FILTER, and the arguments it lets through, of
    features and of HAVING."""
    asked = []
    finished = [node for _, node in view.features] + ([view.having] if view.having else [])
    nodes = (node for each in finished for node in each.walk())
    for node in (n for n in nodes if n.argument_count is not None and n.args):
        arguments = "ROW(" + ", ".join(a.text() for a in node.args[: node.argument_count]) + ")::text"
        if node.what.startswith("histogram"):  # in PostgreSQL it fails when it is read
            bucket = node.sql.partition(" FILTER ")[0].partition(" OVER ")[0].replace("histogram", "width_bucket", 1)
            arguments = f"({bucket.format(node.args[0].text())})::text"
        for condition in reversed(node.args[node.argument_count:]):
            arguments = f"CASE WHEN {condition.text()} THEN {arguments} END"
        asked.append(arguments)
    inner = "ROW(" + ", ".join(sorted(set(asked))) + ")::text"
    for condition in reversed(view.conditions()):
        inner = f"CASE WHEN {condition.text()} THEN {inner} END"
    return inner


def events_read(view, source):
    """What a view reads of the events of a source, with their numbers: an item of FROM for each SELECT."""
    if view.source is source:
        return [f"asof_data.{source.name}"]
    if source not in view.source.bases():
        return []
    return [f"({view.source.select(i, 'asof_data.', ', nowthen_n')}) q"
            for i, (of, _) in enumerate(view.source.parts) if of is source]


def body_of_view(view):
    names = ", ".join(name for name, _ in view.features)
    match = " AND ".join(f"v.{k.name} = r.{k.name}" for k in view.keys)
    return (f"asof.nowthen_spine r LEFT JOIN LATERAL (SELECT {names} FROM asof.{view.name} v "
            f"WHERE {match} OFFSET 0) v ON true")


def output_asked(output):
    """An output's text, made to read every feature it names: the planner would drop those of branches
    that constants rule out (after WHEN true), and with them the errors of these features."""
    leaves = {node.text(): node.type for node in output.walk() if isinstance(node.leaf, tuple)}
    if not leaves or output.text() in leaves:
        return output.text()
    reads = " + ".join(f"num_nulls({'asof.limited' if leaves[name] == 'numeric' else ''}({name}))"
                       for name in sorted(leaves))
    return f"CASE WHEN {reads} >= 0 THEN {output.text()} END"


def body_of_service(service):
    body = "asof.request_row r"
    for join in service.joins:
        used = sorted({n.leaf[1] for _, output in service.outputs for n in output.walk()
                       if isinstance(n.leaf, tuple) and n.leaf[0] == join.alias})
        body += (f" LEFT JOIN LATERAL (SELECT {', '.join(used) or 'true'} FROM asof.{join.view.name} v "
                 f"WHERE {join.condition('v')} OFFSET 0) {join.alias} ON true")
    return body


class Question:
    """The script for one case, and the reading of its output."""

    def __init__(self, directory, definitions, data):
        self.case = oracle.Case(directory)
        self.definitions, self.data = definitions, data
        self.width = max(1, len(definitions.outputs()))

    def script(self):
        lines = [SETTINGS, "BEGIN;"] + [sql + ";" for sql in self.case.sql]
        for source in self.definitions.sources:
            lines += self.load(source)
        lines += [*self.spine(), "SELECT 'answers';", self.ask(), "ROLLBACK;"]
        return "\n".join(lines) + "\n"

    def load(self, source):
        """Events that a view cannot evaluate are taken out: dead letters. Their numbers are printed."""
        name = source.name
        numbered = [f'{line[:-1]}, "nowthen_n": {i + 1}' + "}"
                    for i, line in enumerate(self.data.events[name])]
        yield f"ALTER TABLE asof_data.{name} ADD nowthen_n int;"
        yield f"SELECT 'rejected {name} ' || n FROM asof.load('{name}', {array(numbered)}) AS t(n);"
        union = " UNION ".join(
            f"SELECT n FROM asof.failing({quoted(events)}, {quoted(event_expression(view))}, "
            f"ARRAY(SELECT nowthen_n FROM asof_data.{name})) AS t(n)"
            for view in self.definitions.views for events in events_read(view, source)
        )
        yield f"CREATE TEMP TABLE dead ON COMMIT DROP AS {union};"
        yield f"DELETE FROM asof_data.{name} WHERE nowthen_n IN (SELECT n FROM dead);"
        yield f"SELECT 'dead {name} ' || n FROM dead; DROP TABLE dead;"
        yield f"ANALYZE asof_data.{name};"

    def spine(self):
        inputs = self.definitions.inputs()
        table = "asof.request_row" if self.definitions.service else "asof.nowthen_spine"
        if self.definitions.service:
            yield f"ALTER TABLE {table} ADD nowthen_n int;"
        else:
            columns = ", ".join(f"{c.name} {c.type}" for c in inputs)
            yield f"CREATE TABLE {table} ({columns}, nowthen_n int);"
        rows = [f"({', '.join(map(quoted, values))}, {i})" for i, (values, _) in enumerate(self.data.spine)]
        if rows:
            yield f"INSERT INTO {table} VALUES {', '.join(rows)};"

    def ask(self):
        if self.definitions.service:
            columns = [output_asked(node) for _, node in self.definitions.service.outputs]
            body = body_of_service(self.definitions.service)
        else:
            columns = [f"v.{name}" for name, _ in self.definitions.asked.features]
            body = body_of_view(self.definitions.asked)
        numbers = {}
        for i, (_, at) in enumerate(self.data.spine):
            numbers.setdefault(at, []).append(i)
        if not columns or not numbers:
            return ""
        rows = json.dumps(list(numbers.values()))
        return (f"SELECT * FROM asof.answers_at({array(columns)}, {quoted(body)}, {array(numbers)}, "
                f"'{rows}');")

    def read(self, output):
        """(answers by spine row and output, numbers of rejected events by source)."""
        rejected = {source.name: set() for source in self.definitions.sources}
        answers = [[None] * self.width for _ in self.data.spine]
        head, _, tail = output.partition("answers\n")
        for line in head.splitlines():
            _, source, number = line.split()
            rejected[source].add(int(number))
        for line in tail.splitlines():
            self.take(json.loads(line), answers)
        return answers, rejected

    def take(self, found, answers):
        first = found["first"]
        if "error" in found:
            answers[found["row"]][first] = Failed(found["error"])
        for number, *values in found.get("rows") or []:
            answers[int(number)][first:first + len(values)] = values


def answer(conninfo, directory, definitions, data):
    question = Question(directory, definitions, data)
    return question.read(psql(conninfo, question.script()))
