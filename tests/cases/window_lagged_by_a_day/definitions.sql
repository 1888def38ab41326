-- A window may end before now(): the hour that began a day ago.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '25 hours' AND at <= now() - interval '24 hours') AS s_yesterday,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS s_1h
FROM e
GROUP BY k;
