-- Windows of one feature view are independent: each sum is of its own events.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '1 minute')   AS s_1_minute,
       sum(x) FILTER (WHERE at > now() - interval '10 minutes') AS s_10_minutes,
       sum(x) FILTER (WHERE at > now() - interval '1 hour')     AS s_1_hour,
       sum(x) FILTER (WHERE at > now() - interval '1 day')      AS s_1_day,
       sum(x)                                                   AS s
FROM e
GROUP BY k;
