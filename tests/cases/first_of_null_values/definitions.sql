-- first and last keep the row's value even if it is NULL; NULL is lowest among equals.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       first(x, at)                             AS f,
       last(x, at)                              AS l,
       last(x, at) FILTER (WHERE x IS NOT NULL) AS l_known
FROM e
GROUP BY k;
