-- The middle of two intervals, halved as interval arithmetic does.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       median(x) FILTER (WHERE at > now() - interval '2 days') AS m
FROM e
GROUP BY k;
