-- NULL for no values, and for none that FILTER lets in.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       approx_percentile(0.9, x) AS p,
       approx_percentile(0.9, x) FILTER (WHERE ok) AS good
FROM e
GROUP BY k;
