-- Windows of weeks, days, hours, minutes, seconds, and a sum of them.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '1 week') AS w,
       count(*) FILTER (WHERE at > now() - interval '1 day 2 hours') AS dh,
       count(*) FILTER (WHERE at > now() - interval '90 minutes') AS m,
       count(*) FILTER (WHERE at > now() - interval '00:00:30') AS s,
       count(*) FILTER (WHERE at > now() - interval '1 hour' - interval '30 minutes') AS hm
FROM e
GROUP BY k;
