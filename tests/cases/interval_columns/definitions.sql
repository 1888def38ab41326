-- Intervals: sum, avg, min, max, last and arithmetic.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) AS s,
       avg(x) AS a,
       min(x) AS mi,
       max(x) AS ma,
       last(x, at) AS l,
       sum(x) * 2 AS twice,
       sum(x) / 2 AS half,
       max(x) > interval '1 day' AS long
FROM e
GROUP BY k;
