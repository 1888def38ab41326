-- avg of integers has PostgreSQL's numeric scale.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       avg(x) AS a,
       sum(x) / count(x) AS whole,
       avg(x) * 3 AS thrice
FROM e
GROUP BY k;
