-- approx_percentile: the middle of the bucket, 64 to a power of two, that holds the percentile_disc.
-- Compared to the bit with the SQL of schemas/pg/aggregates.sql, and so within 1 / 128 of the value.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       approx_percentile(0, x) AS p0,
       approx_percentile(0, x) FILTER (WHERE at > now() - interval '1 hour') AS p0_1h,
       approx_percentile(0.25, x) AS p1,
       approx_percentile(0.25, x) FILTER (WHERE at > now() - interval '1 hour') AS p1_1h,
       approx_percentile(0.5, x) AS p2,
       approx_percentile(0.5, x) FILTER (WHERE at > now() - interval '1 hour') AS p2_1h,
       approx_percentile(0.9, x) AS p3,
       approx_percentile(0.9, x) FILTER (WHERE at > now() - interval '1 hour') AS p3_1h,
       approx_percentile(0.99, x) AS p4,
       approx_percentile(0.99, x) FILTER (WHERE at > now() - interval '1 hour') AS p4_1h,
       approx_percentile(1, x) AS p5,
       approx_percentile(1, x) FILTER (WHERE at > now() - interval '1 hour') AS p5_1h,
       approx_percentile(0.5, 3) AS three
FROM e
GROUP BY k;
