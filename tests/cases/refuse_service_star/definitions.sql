-- * and alias.* of a service are columns that are there, each once.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS SELECT k, count(*) AS n FROM e GROUP BY k;
CREATE FOREIGN TABLE request (k text, i integer, at timestamptz) SERVER request;
CREATE VIEW s AS
SELECT *, q.*, r.i FROM request r;
