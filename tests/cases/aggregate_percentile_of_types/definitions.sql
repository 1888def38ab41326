-- Percentiles of what is no float: whole numbers and numerics are cast for percentile_cont and keep their
-- type in percentile_disc; intervals are interpolated; text and booleans have an order.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n int,
  w bigint,
  x numeric,
  s text,
  b bool,
  t timestamptz,
  d interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       percentile_cont(0.25) WITHIN GROUP (ORDER BY n) AS cn,
       percentile_cont(0.25) WITHIN GROUP (ORDER BY n) FILTER (WHERE at > now() - interval '1 hour') AS cn_1h,
       percentile_cont(0.75) WITHIN GROUP (ORDER BY x) AS cx,
       percentile_cont(0.75) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS cx_1h,
       percentile_cont(0.3) WITHIN GROUP (ORDER BY d) AS cd,
       percentile_cont(0.3) WITHIN GROUP (ORDER BY d) FILTER (WHERE at > now() - interval '1 hour') AS cd_1h,
       median(w) AS mw,
       median(w) FILTER (WHERE at > now() - interval '1 hour') AS mw_1h,
       median(d) AS md,
       median(d) FILTER (WHERE at > now() - interval '1 hour') AS md_1h,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY n) AS dn,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY n) FILTER (WHERE at > now() - interval '1 hour') AS dn_1h,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY w) AS dw,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY w) FILTER (WHERE at > now() - interval '1 hour') AS dw_1h,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY x) AS dx,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS dx_1h,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY s) AS ds,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY s) FILTER (WHERE at > now() - interval '1 hour') AS ds_1h,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY b) AS db,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY b) FILTER (WHERE at > now() - interval '1 hour') AS db_1h,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY t) AS dt,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY t) FILTER (WHERE at > now() - interval '1 hour') AS dt_1h,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY d) AS dd,
       percentile_disc(0.4) WITHIN GROUP (ORDER BY d) FILTER (WHERE at > now() - interval '1 hour') AS dd_1h,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY n * 2) FILTER (WHERE b) AS twice
FROM e
GROUP BY k;
