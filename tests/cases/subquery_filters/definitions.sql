-- WHERE of a subquery and WHERE around it hold both.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS s
FROM (SELECT * FROM e WHERE t = 'p' OR t = 'q') AS picked
WHERE x > -5
GROUP BY k;
