-- 1.0 and 1.00 are one value, 0 and -0.0 too; NaN is one.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(DISTINCT x) FILTER (WHERE at > now() - interval '2 days') AS n
FROM e
GROUP BY k;
