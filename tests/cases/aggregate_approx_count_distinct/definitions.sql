-- approx_count_distinct, compared to the count with the SQL of schemas/pg/aggregates.sql: hashes of the
-- values as text, where 0 is -0 and 1.5 is 1.50; and beside it the exact count.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n int,
  w bigint,
  s text,
  x numeric,
  f float8,
  b bool,
  t timestamptz,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       approx_count_distinct(n) AS an,
       approx_count_distinct(n) FILTER (WHERE at > now() - interval '1 hour') AS an_1h,
       approx_count_distinct(w) AS aw,
       approx_count_distinct(w) FILTER (WHERE at > now() - interval '1 hour') AS aw_1h,
       approx_count_distinct(s) AS as,
       approx_count_distinct(s) FILTER (WHERE at > now() - interval '1 hour') AS as_1h,
       approx_count_distinct(x) AS ax,
       approx_count_distinct(x) FILTER (WHERE at > now() - interval '1 hour') AS ax_1h,
       approx_count_distinct(f) AS af,
       approx_count_distinct(f) FILTER (WHERE at > now() - interval '1 hour') AS af_1h,
       approx_count_distinct(b) AS ab,
       approx_count_distinct(b) FILTER (WHERE at > now() - interval '1 hour') AS ab_1h,
       approx_count_distinct(t) AS at,
       approx_count_distinct(t) FILTER (WHERE at > now() - interval '1 hour') AS at_1h,
       count(DISTINCT s) AS exact_s,
       approx_count_distinct(DISTINCT n) AS adn,
       approx_count_distinct(s) FILTER (WHERE n > 60) AS half
FROM e
GROUP BY k;
