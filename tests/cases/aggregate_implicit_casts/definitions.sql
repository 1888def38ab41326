-- Arguments are cast as PostgreSQL casts them by itself: the regr family reads whole numbers and numerics
-- as float8.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n int,
  w bigint,
  x numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       regr_slope(n, w) AS nw,
       regr_slope(n, w) FILTER (WHERE at > now() - interval '1 hour') AS nw_1h,
       corr(x, n) AS xn,
       corr(x, n) FILTER (WHERE at > now() - interval '1 hour') AS xn_1h,
       covar_pop(w, 2) AS w2,
       covar_pop(w, 2) FILTER (WHERE at > now() - interval '1 hour') AS w2_1h,
       regr_avgx(n, x + 1) AS x1,
       regr_avgx(n, x + 1) FILTER (WHERE at > now() - interval '1 hour') AS x1_1h,
       bool_or('t') AS lit,
       bool_or('t') FILTER (WHERE at > now() - interval '1 hour') AS lit_1h
FROM e
GROUP BY k;
