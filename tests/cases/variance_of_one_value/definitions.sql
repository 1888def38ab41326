-- Of one value the sample variance is NULL and the population's 0; of none both are NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  i int4,
  n numeric,
  f float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       var_samp(i) AS var_samp_i,
       var_pop(i) AS var_pop_i,
       stddev(i) AS stddev_i,
       var_samp(n) AS var_samp_n,
       var_pop(n) AS var_pop_n,
       stddev(n) AS stddev_n,
       var_samp(f) AS var_samp_f,
       var_pop(f) AS var_pop_f,
       stddev(f) AS stddev_f
FROM e
GROUP BY k;
