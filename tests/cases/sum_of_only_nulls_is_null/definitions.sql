-- A sum, average, min or max of nothing but NULL is NULL; a count is 0.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x)              AS s,
       avg(x)              AS a,
       min(x)              AS lo,
       max(x)              AS hi,
       count(x)            AS n,
       coalesce(sum(x), 0) AS filled
FROM e
GROUP BY k;
