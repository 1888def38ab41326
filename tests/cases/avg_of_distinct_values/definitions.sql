-- avg(DISTINCT x): each value once.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  f float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       avg(DISTINCT x) FILTER (WHERE at > now() - interval '2 days') AS x,
       avg(DISTINCT f) FILTER (WHERE at > now() - interval '2 days') AS f
FROM e
GROUP BY k;
