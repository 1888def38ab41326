-- Variances of integer and bigint are numeric, with PostgreSQL's result scale; one value has no sample
-- variance, equal values have 0.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n int,
  w bigint,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       variance(n) AS variance_n,
       variance(n) FILTER (WHERE at > now() - interval '1 hour') AS variance_n_1h,
       variance(w) AS variance_w,
       variance(w) FILTER (WHERE at > now() - interval '1 hour') AS variance_w_1h,
       var_samp(n) AS var_samp_n,
       var_samp(n) FILTER (WHERE at > now() - interval '1 hour') AS var_samp_n_1h,
       var_samp(w) AS var_samp_w,
       var_samp(w) FILTER (WHERE at > now() - interval '1 hour') AS var_samp_w_1h,
       var_pop(n) AS var_pop_n,
       var_pop(n) FILTER (WHERE at > now() - interval '1 hour') AS var_pop_n_1h,
       var_pop(w) AS var_pop_w,
       var_pop(w) FILTER (WHERE at > now() - interval '1 hour') AS var_pop_w_1h,
       stddev(n) AS stddev_n,
       stddev(n) FILTER (WHERE at > now() - interval '1 hour') AS stddev_n_1h,
       stddev(w) AS stddev_w,
       stddev(w) FILTER (WHERE at > now() - interval '1 hour') AS stddev_w_1h,
       stddev_samp(n) AS stddev_samp_n,
       stddev_samp(n) FILTER (WHERE at > now() - interval '1 hour') AS stddev_samp_n_1h,
       stddev_samp(w) AS stddev_samp_w,
       stddev_samp(w) FILTER (WHERE at > now() - interval '1 hour') AS stddev_samp_w_1h,
       stddev_pop(n) AS stddev_pop_n,
       stddev_pop(n) FILTER (WHERE at > now() - interval '1 hour') AS stddev_pop_n_1h,
       stddev_pop(w) AS stddev_pop_w,
       stddev_pop(w) FILTER (WHERE at > now() - interval '1 hour') AS stddev_pop_w_1h
FROM e
GROUP BY k;
