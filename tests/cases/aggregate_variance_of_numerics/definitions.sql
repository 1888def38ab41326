-- Variances of numeric follow numeric_stddev_internal: the scale of the result comes from the values;
-- NaN and the infinities give NaN.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
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
