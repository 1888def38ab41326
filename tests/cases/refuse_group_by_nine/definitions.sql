-- A key has at most eight columns.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, i, f, n, t, ok, at, i + 1 AS a, i + 2 AS b FROM e GROUP BY k, i, f, n, t, ok, at, i + 1, i + 2;
