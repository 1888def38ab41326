-- A window of the WINDOW clause is no more than OVER with its text.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, sum(i) OVER w AS s FROM e GROUP BY k WINDOW w AS (PARTITION BY k ORDER BY at);
CREATE MATERIALIZED VIEW u AS
SELECT DISTINCT ON (k) k, sum(i) OVER x AS s FROM e WINDOW w AS (PARTITION BY k) ORDER BY k, at DESC;
CREATE MATERIALIZED VIEW y AS
SELECT DISTINCT ON (k) k, sum(i) OVER (w ORDER BY at) AS s FROM e WINDOW w AS (PARTITION BY k) ORDER BY k, at DESC;
