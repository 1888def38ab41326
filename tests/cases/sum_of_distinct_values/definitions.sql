-- sum(DISTINCT x) takes each value once.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  y numeric,
  f float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(DISTINCT x) FILTER (WHERE at > now() - interval '2 days') AS x,
       sum(DISTINCT y) FILTER (WHERE at > now() - interval '2 days') AS y,
       sum(DISTINCT f) FILTER (WHERE at > now() - interval '2 days') AS f
FROM e
GROUP BY k;
