-- An event weighs 1 when it happens, half as much a half-life later, and the sum falls on without events.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       decayed_sum(x, at, interval '1 hour') AS heat,
       decayed_count(at, interval '1 hour') AS rate
FROM e
GROUP BY k;
