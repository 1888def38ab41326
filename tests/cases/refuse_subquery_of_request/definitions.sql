-- A subquery reads events.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE request (k text, i integer, at timestamptz) SERVER request;
CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n FROM (SELECT k FROM request) AS s GROUP BY k;
