-- Instants: offsets are normalised to UTC, differences are intervals.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  t timestamptz,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       min(t) AS mi,
       max(t) AS ma,
       last(t, at) AS l,
       max(t) - min(t) AS span,
       max(t) + interval '1 day 1 hour' AS later,
       max(at) - max(t) AS lag
FROM e
GROUP BY k;
