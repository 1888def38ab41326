-- Only the values of the events that FILTER lets in.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(DISTINCT x) FILTER (WHERE ok AND at > now() - interval '2 days') AS good,
       count(DISTINCT x) FILTER (WHERE x > 1 AND at > now() - interval '2 days') AS large
FROM e
GROUP BY k;
