-- A quoted literal of a subquery that nothing gives a type to is text.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, max(word) AS w, count(nothing) AS n
FROM (SELECT k, '12' AS word, NULL AS nothing, at FROM e) AS s
GROUP BY k;
