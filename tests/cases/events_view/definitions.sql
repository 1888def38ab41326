-- CREATE VIEW over a source picks and computes columns; feature views read it as they read a
-- source.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE VIEW clean AS
SELECT k, abs_x, y, at
FROM (SELECT k, CASE WHEN x < 0 THEN -x ELSE x END AS abs_x, y, at FROM e WHERE x IS NOT NULL) AS s;

CREATE MATERIALIZED VIEW v AS
SELECT k, sum(abs_x) AS s, count(*) FILTER (WHERE at > now() - interval '1 day') AS n
FROM clean
GROUP BY k;
