-- Points on a line correlate by 1 or -1, and the line is found.

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
       corr(-y, x) AS minus,
       regr_slope(y, x) AS slope,
       regr_intercept(y, x) AS intercept,
       regr_r2(y, x) AS r2
FROM e
GROUP BY k;
