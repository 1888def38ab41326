-- The sum of no values is NULL, not 0; a count of none is 0.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  y numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) AS x,
       sum(y) AS y,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS hour,
       count(x) AS n,
       coalesce(sum(x), 0) AS x0
FROM e
GROUP BY k;
