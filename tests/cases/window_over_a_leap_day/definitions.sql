-- The 29th of February is a day like any other.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '1 day')  AS s_1d,
       sum(x) FILTER (WHERE at > now() - interval '2 days') AS s_2d,
       max(at)::date                                        AS last_day
FROM e
GROUP BY k;
