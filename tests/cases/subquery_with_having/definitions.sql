-- HAVING and expressions around aggregates work over a subquery.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, sum(z) AS s, now() - max(moment) AS idle
FROM (SELECT k, x + 10 AS z, at AS moment FROM e) AS s
GROUP BY k
HAVING count(z) > 1;
