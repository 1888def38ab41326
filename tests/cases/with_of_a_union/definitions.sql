-- UNION ALL may stand in WITH, or behind it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE VIEW sides AS
WITH q AS (SELECT k, i, at FROM e UNION ALL SELECT t, -i, at FROM e)
SELECT k, i, at FROM q WHERE i > 0 UNION ALL SELECT k || '?', i, at FROM q;

CREATE MATERIALIZED VIEW v AS
WITH latest AS (SELECT * FROM sides)
SELECT DISTINCT ON (k) k, i, at FROM latest ORDER BY k, at DESC, i;
