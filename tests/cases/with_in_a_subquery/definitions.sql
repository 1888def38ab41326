-- WITH within a subquery hides a name of WITH around it, which it may still read under that name.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
WITH q AS (SELECT k, i, at FROM e WHERE i > 0)
SELECT k, count(*) AS c, max(i) AS m
FROM (WITH q AS (SELECT k, i * 10 AS i, at FROM q) SELECT * FROM q) AS s
GROUP BY k;
