-- Variances of float8 within 1e-12 of PostgreSQL's: exact sums, rounded once. A NaN or an infinity gives
-- NaN, equal values 0.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       variance(x) AS variance,
       variance(x) FILTER (WHERE at > now() - interval '1 hour') AS variance_1h,
       var_samp(x) AS var_samp,
       var_samp(x) FILTER (WHERE at > now() - interval '1 hour') AS var_samp_1h,
       var_pop(x) AS var_pop,
       var_pop(x) FILTER (WHERE at > now() - interval '1 hour') AS var_pop_1h,
       stddev(x) AS stddev,
       stddev(x) FILTER (WHERE at > now() - interval '1 hour') AS stddev_1h,
       stddev_samp(x) AS stddev_samp,
       stddev_samp(x) FILTER (WHERE at > now() - interval '1 hour') AS stddev_samp_1h,
       stddev_pop(x) AS stddev_pop,
       stddev_pop(x) FILTER (WHERE at > now() - interval '1 hour') AS stddev_pop_1h
FROM e
GROUP BY k;
