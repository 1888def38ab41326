-- ORDER BY may say any order: of several keys, ascending and descending, NULLS FIRST and LAST, by
-- expressions, by places and names of the select list.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  i integer,
  x integer,
  d numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k, i % 2) i % 2 AS odd, k, x, d, at
FROM e
ORDER BY odd DESC, 2, x, d NULLS FIRST, at DESC;
