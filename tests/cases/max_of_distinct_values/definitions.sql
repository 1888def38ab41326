-- DISTINCT changes nothing for min, max and the boolean aggregates.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(DISTINCT x) AS most,
       min(DISTINCT x) AS least,
       bool_and(DISTINCT ok) AS all_ok,
       bool_or(DISTINCT ok) AS any_ok
FROM e
GROUP BY k;
