-- Times with infinities, and the span between the first and the last event.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x timestamptz,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       min(x) AS least,
       max(x) AS most,
       max(at) - min(at) AS span
FROM e
GROUP BY k;
