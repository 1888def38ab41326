-- Operators and choices over numbers of different types take PostgreSQL's common type.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a smallint,
  b int8,
  c real,
  d float8,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(a) + max(b) AS int_big,
       max(a) * max(c) AS small_real,
       max(c) + max(d) AS real_double,
       max(b) - max(c) AS big_real,
       max(n) * max(c) AS numeric_real,
       max(a) + max(n) AS small_numeric,
       coalesce(max(a), max(n)) AS choice,
       CASE WHEN max(a) > 1 THEN max(c) ELSE max(b) END AS chosen,
       greatest(max(a), max(c), max(d)) AS most,
       max(c) = max(n) AS real_equals_numeric,
       nullif(max(a), max(b)) AS nulled
FROM e
GROUP BY k;
