-- NaN and the infinities in x spoil what is made of squares or products of x, likewise y; which test
-- comes first decides between NULL and NaN, as in PostgreSQL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  y float8,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       covar_pop(y, x) AS covar_pop,
       covar_pop(y, x) FILTER (WHERE at > now() - interval '1 hour') AS covar_pop_1h,
       covar_samp(y, x) AS covar_samp,
       covar_samp(y, x) FILTER (WHERE at > now() - interval '1 hour') AS covar_samp_1h,
       corr(y, x) AS corr,
       corr(y, x) FILTER (WHERE at > now() - interval '1 hour') AS corr_1h,
       regr_slope(y, x) AS regr_slope,
       regr_slope(y, x) FILTER (WHERE at > now() - interval '1 hour') AS regr_slope_1h,
       regr_intercept(y, x) AS regr_intercept,
       regr_intercept(y, x) FILTER (WHERE at > now() - interval '1 hour') AS regr_intercept_1h,
       regr_count(y, x) AS regr_count,
       regr_count(y, x) FILTER (WHERE at > now() - interval '1 hour') AS regr_count_1h,
       regr_r2(y, x) AS regr_r2,
       regr_r2(y, x) FILTER (WHERE at > now() - interval '1 hour') AS regr_r2_1h,
       regr_avgx(y, x) AS regr_avgx,
       regr_avgx(y, x) FILTER (WHERE at > now() - interval '1 hour') AS regr_avgx_1h,
       regr_avgy(y, x) AS regr_avgy,
       regr_avgy(y, x) FILTER (WHERE at > now() - interval '1 hour') AS regr_avgy_1h,
       regr_sxx(y, x) AS regr_sxx,
       regr_sxx(y, x) FILTER (WHERE at > now() - interval '1 hour') AS regr_sxx_1h,
       regr_syy(y, x) AS regr_syy,
       regr_syy(y, x) FILTER (WHERE at > now() - interval '1 hour') AS regr_syy_1h,
       regr_sxy(y, x) AS regr_sxy,
       regr_sxy(y, x) FILTER (WHERE at > now() - interval '1 hour') AS regr_sxy_1h
FROM e
GROUP BY k;
