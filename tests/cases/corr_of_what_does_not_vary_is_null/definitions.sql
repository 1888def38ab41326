-- Without variation of x or of y there is no correlation; regr_r2 is 1 where only y stays.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  y float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       corr(y, x) AS r,
       regr_r2(y, x) AS r2,
       regr_slope(y, x) AS slope,
       covar_pop(y, x) AS c
FROM e
GROUP BY k;
