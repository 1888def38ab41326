-- A service joins its views to the request.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE ask (k text) SERVER request;
CREATE MATERIALIZED VIEW v AS SELECT k, count(*) AS n FROM e GROUP BY k;
CREATE VIEW s AS SELECT r.k, v.n FROM ask r, v WHERE v.k = r.k;
