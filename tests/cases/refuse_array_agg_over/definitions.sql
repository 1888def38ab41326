-- PostgreSQL has no ORDER BY within an aggregate OVER a window.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, x integer, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k, (array_agg(x ORDER BY at) OVER (PARTITION BY k ORDER BY at))[1:3] AS feature
FROM e
ORDER BY k, at DESC;
