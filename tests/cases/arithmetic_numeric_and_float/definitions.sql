-- A numeric beside a float8 is cast to float8.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  f float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) + max(f)      AS s,
       max(x) * 2.0::float8 AS p,
       max(x) = max(f)      AS same
FROM e
GROUP BY k;
