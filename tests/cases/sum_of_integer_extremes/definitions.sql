-- The least and the greatest of each whole number: only a result can overflow, never what is on the way.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  i int4,
  l int8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(i) AS i,
       sum(l) AS l,
       sum(i + 0::int8) AS wide
FROM e
GROUP BY k;
