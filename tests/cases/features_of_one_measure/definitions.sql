-- Many features over one measure: each its own expression.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x)            AS s,
       sum(x) + 0        AS s0,
       sum(x) * 2        AS s2,
       sum(x) > 3        AS big,
       sum(x)::text      AS t,
       sum(x) / count(*) AS mean
FROM e
GROUP BY k;
