-- numeric keeps its digits and scale; sums and averages follow.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) AS s,
       avg(x) AS a,
       min(x) AS mi,
       max(x) AS ma,
       last(x, at) AS l,
       sum(x) * 1.10 AS m,
       sum(x) / 7 AS q,
       sum(x) % 7 AS r
FROM e
GROUP BY k;
