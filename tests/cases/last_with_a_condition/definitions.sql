-- The latest value among the events that meet the condition.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(x, at) FILTER (WHERE ok) AS good,
       last(x, at) FILTER (WHERE x IS NOT NULL) AS known,
       last(x, at) AS l
FROM e
GROUP BY k;
