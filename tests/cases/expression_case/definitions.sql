-- CASE in both forms evaluates only the branch it takes.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       CASE WHEN min(x) = 0 THEN -1 ELSE 10 / min(x) END AS safe,
       CASE max(x) WHEN 0 THEN 'zero' WHEN 1 THEN 'one' ELSE 'many' END AS word,
       CASE WHEN max(x) > 100 THEN 1 END AS none
FROM e
GROUP BY k;
