-- Subqueries nest: each level sees the columns of the one below.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, sum(z) AS s, min(z) AS least
FROM (SELECT k, z + 1 AS z, at FROM (SELECT k, x * x AS z, at FROM e WHERE x IS NOT NULL) AS inner_rows WHERE z < 40) AS outer_rows
GROUP BY k;
