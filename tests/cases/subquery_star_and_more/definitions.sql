-- * in a subquery stands for all columns, and others may be added.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(t) AS n, sum(z) AS s, last(t, at) AS latest
FROM (SELECT *, y / 2 AS z FROM e) AS s
GROUP BY k;
