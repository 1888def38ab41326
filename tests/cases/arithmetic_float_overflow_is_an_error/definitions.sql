-- A float8 result beyond its range is an error, and so NULL; infinity itself is a value.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) * '1e300'::float8                   AS p,
       max(x) / '1e300'::float8 / '1e300'::float8 AS under,
       max(x) - max(x)                            AS z
FROM e
GROUP BY k;
