-- The distinct values of an expression of the event, and of times and booleans.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  ok bool,
  t timestamptz,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(DISTINCT x % 3) FILTER (WHERE at > now() - interval '2 days') AS rest,
       count(DISTINCT ok) FILTER (WHERE at > now() - interval '2 days') AS truths,
       count(DISTINCT t) FILTER (WHERE at > now() - interval '2 days') AS moments,
       count(DISTINCT x > 4) FILTER (WHERE at > now() - interval '2 days') AS sides
FROM e
GROUP BY k;
