-- A window within CASE is one in FILTER: aggregates pass NULL over, and ELSE 0 is a 0 where another event is.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  n numeric,
  f float8,
  small smallint,
  s text,
  ok boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(CASE WHEN at > now() - interval '1 hour' THEN 1 END) AS n_1h,
       count(CASE WHEN at > now() - interval '1 day' THEN x ELSE NULL END) AS known_1d,
       count(DISTINCT CASE WHEN at > now() - interval '1 day' THEN s END) AS texts_1d,
       sum(CASE WHEN at > now() - interval '1 day' THEN x END) AS sum_1d,
       sum(CASE WHEN at > now() - interval '1 hour' THEN x ELSE 0 END) AS sum_or_0,
       sum(CASE WHEN at > now() - interval '1 hour' AND ok THEN 1 ELSE 0 END) AS n_ok,
       sum(CASE WHEN at > now() - interval '1 hour' THEN n ELSE 0 END) AS number_or_0,
       sum(CASE WHEN at > now() - interval '1 day' THEN f ELSE 0 END) AS float_or_0,
       sum(CASE WHEN at > now() - interval '1 day' THEN small ELSE 0 END) AS small_or_0,
       max(CASE WHEN at > now() - interval '1 day' THEN x ELSE 0 END) AS max_or_0,
       min(CASE WHEN at > now() - interval '1 day' THEN small ELSE 0 END) AS min_or_0,
       max(CASE WHEN at > now() - interval '6 hours' THEN n ELSE 0 END) AS max_number,
       avg(CASE WHEN at <= now() - interval '6 hours' THEN x END) AS avg_before,
       bool_or(CASE WHEN at > now() - interval '6 hours' THEN ok END) AS any_ok,
       stddev(CASE WHEN at > now() - interval '2 days' THEN x END) AS spread,
       sum(CASE WHEN at > now() - interval '1 day' THEN x ELSE 0 END) FILTER (WHERE ok) AS ok_or_0,
       sum(CASE WHEN at > now() - interval '1 day' THEN CASE WHEN ok THEN x ELSE -x END END) AS signed
FROM e
GROUP BY k;
