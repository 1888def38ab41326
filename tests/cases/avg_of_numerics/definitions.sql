-- avg of numerics has PostgreSQL's scale, at least that of the inputs.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       avg(x)            AS a,
       sum(x)            AS s,
       sum(x) / count(x) AS by_hand
FROM e
GROUP BY k;
