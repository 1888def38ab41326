-- variance(DISTINCT x): each value once.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       var_pop(DISTINCT x) FILTER (WHERE at > now() - interval '2 days') AS x,
       stddev_samp(DISTINCT n) FILTER (WHERE at > now() - interval '2 days') AS n
FROM e
GROUP BY k;
