-- ceil, floor and sqrt of an integer are float8: PostgreSQL prefers it to numeric.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       ceil(last(x, at)) AS up,
       floor(last(x, at) / 2) AS half,
       sqrt(abs(last(x, at))) AS root,
       round(last(x, at)) AS r
FROM e
GROUP BY k;
