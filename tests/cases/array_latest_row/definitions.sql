-- DISTINCT ON an array; rows that are tied are compared by their arrays too.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a integer[],
  s text[],
  n numeric[],
  x integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (s) s, a, n, x, at
FROM e
ORDER BY s, at DESC, a NULLS LAST;
