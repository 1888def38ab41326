-- When the extreme leaves a window the next one is it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) FILTER (WHERE at > now() - interval '1 hour') AS hi,
       min(x) FILTER (WHERE at > now() - interval '1 hour') AS lo
FROM e
GROUP BY k;
