-- A query of WITH stands where FROM names it, as a subquery would; it may read those before it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
WITH good AS (
  SELECT k, i, n, at FROM e WHERE ok
), twice AS MATERIALIZED (
  SELECT g.k, g.i * 2 AS j, n, at FROM good AS g WHERE n > 0.2 OR n IS NULL
)
SELECT k, count(*) AS c, sum(j) FILTER (WHERE at > now() - interval '1 day') AS s
FROM twice
WHERE twice.at > now() - interval '30 days'
GROUP BY k;
