-- A pair with a NULL on either side is not counted.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  y float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       regr_count(y, x) AS n,
       covar_samp(y, x) AS c,
       regr_sxx(y, x) AS sxx,
       regr_syy(y, x) AS syy,
       regr_sxy(y, x) AS sxy
FROM e
GROUP BY k;
