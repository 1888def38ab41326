-- Between two values lies a value for every fraction; of one value it is that.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       percentile_cont(0) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '2 days') AS p0,
       percentile_cont(0.25) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '2 days') AS p25,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '2 days') AS p50,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '2 days') AS p90,
       percentile_cont(1) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '2 days') AS p100
FROM e
GROUP BY k;
