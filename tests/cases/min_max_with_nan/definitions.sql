-- NaN is greater than every number, and equal to itself.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x)                            AS hi,
       min(x)                            AS lo,
       max(x) = max(x)                   AS same,
       max(x) > 'Infinity'::float8       AS above,
       count(*) FILTER (WHERE x = 'NaN') AS nans
FROM e
GROUP BY k;
