-- NaN is greater than infinity, -infinity the least.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  y real,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       min(x) AS least,
       max(x) AS most,
       min(y) AS least_real,
       max(y) AS most_real
FROM e
GROUP BY k;
