-- CASE without ELSE is NULL when nothing matches; the first match wins.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       CASE WHEN max(x) > 10 THEN 'big' WHEN max(x) > 5 THEN 'middle' END AS size,
       CASE max(x) WHEN 1 THEN 'one' WHEN 1 THEN 'again' ELSE 'other' END AS simple
FROM e
GROUP BY k;
