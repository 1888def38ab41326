-- A value leaves the count when the last event that had it leaves the window.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(DISTINCT x) FILTER (WHERE at > now() - interval '1 hour') AS hour,
       count(x) FILTER (WHERE at > now() - interval '1 hour') AS events
FROM e
GROUP BY k;
