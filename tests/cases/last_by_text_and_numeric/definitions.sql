-- Any ordered column may order: text by bytes, numerics by value, NULL left out.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  t text,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(x, t) AS by_text,
       first(x, t) AS first_text,
       last(x, n) AS by_numeric,
       first(x, n) AS first_numeric
FROM e
GROUP BY k;
