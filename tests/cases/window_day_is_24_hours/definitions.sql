-- 1 day is 24 hours, also where clocks change.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '1 day') AS d,
       count(*) FILTER (WHERE at > now() - interval '24 hours') AS h,
       count(*) FILTER (WHERE at > now() - interval '7 days') AS w
FROM e
GROUP BY k;
