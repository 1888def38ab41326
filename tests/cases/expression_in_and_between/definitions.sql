-- IN, BETWEEN and their NULLs.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) IN (1, 3) AS i,
       max(x) NOT IN (1, 3) AS n,
       max(x) BETWEEN 1 AND 3 AS b,
       max(x) NOT BETWEEN 1 AND 3 AS nb,
       max(x) IN (1, NULL) AS u
FROM e
GROUP BY k;
