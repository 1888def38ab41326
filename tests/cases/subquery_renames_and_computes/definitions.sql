-- A subquery in FROM may rename and compute columns row by row.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT who, sum(twice) AS s, max(label) AS m, count(*) FILTER (WHERE moment > now() - interval '12 hours') AS n
FROM (SELECT k AS who, x * 2 AS twice, coalesce(t, '-') AS label, at AS moment FROM e) AS t
GROUP BY who;
