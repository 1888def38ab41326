-- A window function gives a value per event: its frame ends at the event, that of a feature at now().

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, sum(i) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN interval '1 day' PRECEDING AND CURRENT ROW) AS s FROM e;
CREATE MATERIALIZED VIEW u AS
SELECT k, sum(count(*)) OVER (PARTITION BY k) AS s FROM e GROUP BY k;
CREATE MATERIALIZED VIEW x AS
SELECT DISTINCT ON (k) k, lag(i) OVER (PARTITION BY k ORDER BY at) AS before FROM e ORDER BY k, at DESC;
CREATE MATERIALIZED VIEW y AS
SELECT k, count(*) AS n FROM e WHERE sum(i) OVER (PARTITION BY k) > 3 GROUP BY k;
