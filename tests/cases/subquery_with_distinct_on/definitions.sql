-- DISTINCT ON reads rows of a subquery; ties fall by its columns.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k, label, twice
FROM (SELECT k, t AS label, 2 * x AS twice, at FROM e) AS s
ORDER BY k, at DESC;
