-- A week is 7 days of 24 hours.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '1 week')        AS s_1w,
       sum(x) FILTER (WHERE at > now() - interval '2 weeks 1 day') AS s_15d
FROM e
GROUP BY k;
