-- Whole numbers and numerics are cast to float8; signs are mirror images.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  i int4,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       approx_percentile(0, i) AS least,
       approx_percentile(1, i) AS most,
       approx_percentile(0.5, n) AS m
FROM e
GROUP BY k;
