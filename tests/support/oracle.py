#!/usr/bin/env python3
"""PostgreSQL's own answer to a case: what expected.csv must say.

Shares no code with Nowthen. The case's definition file is turned into ordinary tables and views of a
schema `asof` in which now() can be set; events go in by json_populate_record, each in its own
statement, so that PostgreSQL's constraints decide which are accepted; then every feature of every
spine row is asked for by itself, and an error counts as NULL (contract §4).

usage: oracle.py CASE_DIRECTORY CONNINFO        prints the CSV that expected.csv must equal
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
AGGREGATES = os.path.join(HERE, "..", "..", "schemas", "pg", "aggregates.sql")

PROLOGUE = """
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
DROP SCHEMA IF EXISTS asof CASCADE;
DROP SCHEMA IF EXISTS asof_data CASCADE;
CREATE SCHEMA asof;
CREATE SCHEMA asof_data;
CREATE FUNCTION asof.now() RETURNS timestamptz LANGUAGE sql STABLE
  AS $$ SELECT current_setting('asof.now')::timestamptz $$;
SET search_path = asof, pg_catalog, public;
CREATE FUNCTION asof.ask(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
  EXECUTE 'SELECT CASE WHEN x IS NULL THEN NULL ELSE pg_catalog.format(''%s'', x) END FROM ('
          || query || ') q(x)' INTO answer;
  RETURN answer;
EXCEPTION WHEN data_exception OR feature_not_supported THEN RETURN NULL;  -- NaN::bigint is the latter
END $$;
-- An event, as an INSERT that names the columns it has fields for.
CREATE FUNCTION asof.take(source text, event json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE given text;
BEGIN
  SELECT string_agg(quote_ident(attname), ', ') INTO given FROM pg_attribute
    WHERE attrelid = format('asof_data.%I', source)::regclass AND attnum > 0
      AND attname IN (SELECT json_object_keys(event));
  IF given IS NULL THEN
    EXECUTE format('INSERT INTO asof_data.%I DEFAULT VALUES', source);
  ELSE
    EXECUTE format('INSERT INTO asof_data.%1$I (%2$s) SELECT %2$s FROM '
                   'json_populate_record(NULL::asof_data.%1$I, $1)', source, given) USING event;
  END IF;
END $$;
"""


def split_statements(text):
    """Statements of a definition file, without comments outside of strings."""
    tokens = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|;|[^'\";-]+|-", re.S)
    statement, statements = "", []
    for token in tokens.findall(text):
        if token.startswith("--"):
            continue
        if token == ";":
            statements.append(statement.strip())
            statement = ""
        else:
            statement += token
    return [s for s in statements + [statement.strip()] if s]


def closing(text, start):
    """The index of the parenthesis that closes the one at start."""
    depth = 0
    for match in re.compile(r"'(?:[^']|'')*'|[()]").finditer(text, start):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    raise SystemExit(f"unbalanced parentheses: {text[:60]}")


def clocked(statement):
    """CURRENT_TIMESTAMP and CURRENT_DATE read PostgreSQL's own clock: they become what can be set."""
    words = {"current_timestamp": "now()", "current_date": "(now()::date)"}
    return re.sub(r"('(?:[^']|'')*')|\b(current_timestamp|current_date)\b",
                  lambda m: m.group(1) or words[m.group(2).lower()], statement, flags=re.I)


def literal(text):
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def fields(line):
    """One CSV record as COPY reads it: empty is None, "" is the empty text."""
    found = re.findall(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)', line)
    return [
        f[1:-1].replace('""', '"') if f.startswith('"') else f if f != "" else None for f in found
    ]


def items(text):
    """The parts of a list, at the commas outside of parentheses and strings."""
    depth, found = 0, [""]
    for part in re.findall(r"'(?:[^']|'')*'|[(),]|[^'(),]+", text):
        depth += {"(": 1, ")": -1}.get(part, 0)
        if part == "," and depth == 0:
            found.append("")
        else:
            found[-1] += part
    return [item.strip() for item in found]


def event_key_taken(columns):
    """The columns of a source without its PRIMARY KEY, the names in that, and the names of all."""
    kept, key, names = [], [], []
    for item in items(columns.strip()[1:-1]):
        of_table = re.match(r"(?:CONSTRAINT \w+ )?PRIMARY KEY\s*\(([^)]*)\)$", item, re.I)
        if of_table:
            key = items(of_table.group(1))
            continue
        is_column = not re.match(r"(CONSTRAINT|CHECK)\b", item, re.I)
        if is_column:
            names.append(item.split()[0])
        without = re.sub(r"\s*(CONSTRAINT \w+\s+)?\bPRIMARY KEY\b", "", item, flags=re.I)
        if is_column and without != item:
            key = names[-1:]
        kept.append(without if is_column else item)
    return f"({', '.join(kept)})", key, names


def once(name, columns, key, time, reach):
    """SELECT of the events that count once within reach; None: for ever. At one time the greater row."""
    order = ", ".join([time] + [f"{column} DESC NULLS LAST" for column in columns])
    past = f"OR before <> {time} AND before <= {time} - interval '{reach}'" if reach else ""
    return (f"SELECT {', '.join(columns)} FROM (SELECT *, lag({time}) OVER (PARTITION BY {', '.join(key)} "
            f"ORDER BY {order}) AS before FROM asof_data.{name}) AS k "
            f"WHERE (before IS NULL {past}) AND {time} <= asof.now()")


class Case:
    def __init__(self, directory):
        self.directory = directory
        self.definitions = self.read("definitions.sql")
        self.sources, self.views, self.services = {}, {}, {}
        self.requests = {}
        self.types = []
        self.keyed = {}  # sources whose event key is without the event time
        self.event_views = {}
        self.sql = []
        for statement in split_statements(self.definitions):
            self.take(statement)
        named = re.search(r"^-- of: (\w+)", self.definitions, re.M)
        self.of = named.group(1) if named else list(self.services or self.views)[-1]

    def read(self, name):
        with open(os.path.join(self.directory, name), encoding="utf-8", newline="") as file:
            return file.read()

    def take(self, statement):
        table = re.match(r"CREATE FOREIGN TABLE (\w+)\s*", statement, re.I)
        view = re.match(r"CREATE (MATERIALIZED )?VIEW (\w+) AS", statement, re.I)
        if re.match(r"CREATE TYPE\b", statement, re.I):
            self.types.append(statement)
        elif table:
            self.take_table(table.group(1), statement, table.end())
        elif view:
            if view.group(1) or self.is_service(statement):
                (self.views if view.group(1) else self.services)[view.group(2)] = statement
            elif self.keyed:
                self.event_views[view.group(2)] = clocked(statement)[view.end() :]
            created = re.sub(r"CREATE MATERIALIZED VIEW", "CREATE VIEW", clocked(statement), 1, re.I)
            if view.group(1) and self.keyed:
                created = self.counted_once(view.group(2), clocked(statement)[view.end() :])
            self.sql.append(created)

    def counted_once(self, name, select):
        """The view, its SELECT over sources that hold what counts in it. How far back a view looks is
        said by the case: a line "-- reach of VIEW: INTERVAL", or "for ever"."""
        said = re.search(rf"^-- reach of {name}: (.*?)\.?$", self.definitions, re.M)
        if not said:
            raise SystemExit(f"{self.directory}: no line \"-- reach of {name}: ...\"")
        reach = None if said.group(1) == "for ever" else said.group(1)
        parts = [f"{source} AS ({once(source, *of, reach)})" for source, of in self.keyed.items()]
        parts += [f"{view} AS ({text})" for view, text in self.event_views.items()]
        return f"CREATE VIEW {name} AS WITH {', '.join(parts)} SELECT * FROM ({select}) AS q"

    def is_service(self, statement):
        """A service reads a request; other views pick and compute columns of events."""
        return any(name in self.requests for name in re.findall(r"\bFROM\s+(\w+)", statement, re.I))

    def take_table(self, name, statement, start):
        end = closing(statement, start)
        columns, rest = statement[start : end + 1], statement[end + 1 :]
        if re.match(r"\s*SERVER\s+request\b", rest, re.I):
            self.requests[name] = columns
            self.sql.append(f"CREATE TABLE asof.{name} {columns}")
            return
        time = re.search(r"event_time\s+'(\w+)'", rest).group(1)
        self.sources[name] = time
        columns, key, names = event_key_taken(columns)
        self.sql.append(f"CREATE TABLE asof_data.{name} {columns}")
        # What decoding refuses and PostgreSQL would not: an event without an event time.
        for column in {time, *key}:
            self.sql.append(f"ALTER TABLE asof_data.{name} ALTER {column} SET NOT NULL")
        if key and time not in key:
            self.keyed[name] = (names, key, time)
            key = []
        # PostgreSQL would keep the row that comes first; the greater one counts, in any order.
        once = f"DISTINCT ON ({', '.join(key)})" if key else ""
        order = ", ".join(key + [f"{column} DESC NULLS LAST" for column in names])
        self.sql.append(
            f"CREATE VIEW asof.{name} AS SELECT {once} * FROM asof_data.{name} "
            f"WHERE {time} <= asof.now()" + (f" ORDER BY {order}" if key else "")
        )

    def events_file(self, source):
        alone = os.path.join(self.directory, "events.jsonl")
        return alone if os.path.exists(alone) else os.path.join(self.directory, f"{source}.jsonl")

    def dead_letters(self):
        """Line numbers of events that Nowthen rejects and PostgreSQL has no way to: an error in an
        argument or a WHERE is found by PostgreSQL only when the view is read."""
        path = os.path.join(self.directory, "dead_letters")
        return {int(n) for n in self.read("dead_letters").split()} if os.path.exists(path) else set()

    def spine(self):
        lines = [line for line in self.read("spine.csv").splitlines() if line]
        rows = [fields(line) for line in lines]
        return lines, rows[0], rows[1:]


def psql(conninfo, script, stop):
    command = ["psql", "-X", "-q", "-A", "-t", "-d", conninfo, "-v", f"ON_ERROR_STOP={stop}"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    if stop and done.returncode != 0:
        raise SystemExit(f"oracle: {done.stderr.strip()}")
    return done.stdout


def load(case, conninfo):
    with open(AGGREGATES, encoding="utf-8") as file:
        aggregates = file.read()
    types = "".join(f"{statement};\n" for statement in case.types)  # which first and last are made for
    psql(conninfo, PROLOGUE + types + aggregates + ";\n" + ";\n".join(case.sql) + ";\n", 1)
    script = "SET TimeZone = 'UTC'; SET search_path = asof, pg_catalog, public;\n"
    for source in case.sources:
        with open(case.events_file(source), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip() and number not in case.dead_letters():
                    script += (
                        f"SELECT asof.take('{source}', {literal(line)});\n"
                    )
    psql(conninfo, script, 0)  # a refused event is a dead letter, the others go on


def outputs(case, conninfo):
    """Name and type of each column of the view or service that is asked."""
    listed = psql(
        conninfo,
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attnum > 0 AND "
        f"attrelid = 'asof.{case.of}'::regclass ORDER BY attnum;",
        1,
    )
    return [tuple(line.split("|")) for line in listed.splitlines()]


def answer(case, conninfo):
    lines, header, rows = case.spine()
    columns = [name for name, _ in outputs(case, conninfo)]
    features = [name for name in columns if name not in header]
    script = "SET TimeZone = 'UTC'; SET search_path = asof, pg_catalog, public;\n"
    for row in rows:
        spine = dict(zip(header, row))
        script += f"SET asof.now = {literal(spine['event_timestamp'])};\n"
        if case.of in case.services:
            request = list(case.requests)[0]
            known = [c for c in spine if re.search(rf"\b{c}\b", case.requests[request])]
            script += f"DELETE FROM asof.{request};\nINSERT INTO asof.{request} ("
            script += ", ".join(known) + ") VALUES (" + ", ".join(literal(spine[c]) for c in known)
            script += ");\n"
            where = "true"
        else:
            keys = [name for name in columns if name in header]
            where = " AND ".join(f'"{k}" = {literal(spine[k])}' for k in keys)
        asks = [
            f'asof.ask($q$SELECT "{name}" FROM asof.{case.of} WHERE {where}$q$)' for name in features
        ]
        script += f"COPY (SELECT {', '.join(asks)}) TO STDOUT CSV;\n"
    answers = psql(conninfo, script, 1).splitlines()
    return "".join(
        f"{left},{right}\n" for left, right in zip(lines, [",".join(features)] + answers)
    )


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    case = Case(sys.argv[1])
    load(case, sys.argv[2])
    sys.stdout.write(answer(case, sys.argv[2]))


if __name__ == "__main__":
    main()
