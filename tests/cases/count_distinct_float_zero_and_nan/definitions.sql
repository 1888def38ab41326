-- 0 and -0 are one float, every NaN is one, the infinities are two.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(DISTINCT x) FILTER (WHERE at > now() - interval '2 days') AS n
FROM e
GROUP BY k;
