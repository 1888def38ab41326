-- The entity key may be a column that the subquery computes.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT big, count(*) AS n, max(x) AS m
FROM (SELECT x > 1 AS big, x, at FROM e) AS s
GROUP BY big;
