-- A bound on now() in the subquery is the retention of the view.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, max(y) AS m, count(*) FILTER (WHERE at > now() - interval '1 hour') AS hour
FROM (SELECT k, y, at FROM e WHERE at > now() - interval '1 day') AS day
GROUP BY k;
