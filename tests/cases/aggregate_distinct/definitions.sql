-- DISTINCT: each value once, NULLs skipped; with sums, averages and conditions of the event.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n int,
  s text,
  x numeric,
  f float8,
  d interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(DISTINCT s) AS cs,
       count(DISTINCT s) FILTER (WHERE at > now() - interval '1 hour') AS cs_1h,
       count(DISTINCT n) AS cn,
       count(DISTINCT n) FILTER (WHERE at > now() - interval '1 hour') AS cn_1h,
       sum(DISTINCT n) AS sn,
       sum(DISTINCT n) FILTER (WHERE at > now() - interval '1 hour') AS sn_1h,
       avg(DISTINCT n) AS an,
       avg(DISTINCT n) FILTER (WHERE at > now() - interval '1 hour') AS an_1h,
       sum(DISTINCT x) AS sx,
       sum(DISTINCT x) FILTER (WHERE at > now() - interval '1 hour') AS sx_1h,
       sum(DISTINCT f) AS sf,
       sum(DISTINCT f) FILTER (WHERE at > now() - interval '1 hour') AS sf_1h,
       avg(DISTINCT d) AS ad,
       avg(DISTINCT d) FILTER (WHERE at > now() - interval '1 hour') AS ad_1h,
       stddev(DISTINCT n) AS dn,
       stddev(DISTINCT n) FILTER (WHERE at > now() - interval '1 hour') AS dn_1h,
       min(DISTINCT s) AS ms,
       min(DISTINCT s) FILTER (WHERE at > now() - interval '1 hour') AS ms_1h,
       max(DISTINCT n + 1) AS mn,
       max(DISTINCT n + 1) FILTER (WHERE at > now() - interval '1 hour') AS mn_1h,
       bool_or(DISTINCT n > 3) AS bn,
       bool_or(DISTINCT n > 3) FILTER (WHERE at > now() - interval '1 hour') AS bn_1h,
       count(DISTINCT s) FILTER (WHERE n > 2 AND at > now() - interval '1 hour') AS cs_big,
       count(DISTINCT at) AS cat,
       count(DISTINCT n) - count(n) AS copies
FROM e
GROUP BY k;
