-- Roots: of numeric with at least 16 significant digits, of negative numbers an error.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sqrt(last(x, at)) AS f,
       sqrt(last(n, at)) AS n,
       cbrt(last(x, at)) AS c
FROM e
GROUP BY k;
