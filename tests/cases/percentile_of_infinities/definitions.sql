-- Infinities and NaN have their places in the order; between infinities there is NaN.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '2 days') AS c,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '2 days') AS d
FROM e
GROUP BY k;
