-- now() - max(ts) grows with now(): no event is needed for it to change.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       now() - max(at)                     AS idle,
       extract(epoch FROM now() - max(at)) AS idle_s,
       now() - max(at) > interval '1 hour' AS is_idle,
       now() - min(at)                     AS age
FROM e
GROUP BY k;
