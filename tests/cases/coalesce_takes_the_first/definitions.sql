-- coalesce takes the first that is not NULL and evaluates no further.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  y int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       coalesce(max(x), max(y), -1)   AS c,
       coalesce(max(x), 1 / count(y)) AS lazy,
       coalesce(NULL, max(y))         AS n
FROM e
GROUP BY k;
