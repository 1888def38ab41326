-- Of WITH there is what flattens: names for queries that pick and compute columns row by row.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE ask (k text) SERVER request;
CREATE MATERIALIZED VIEW v AS
WITH w(a) AS (SELECT k FROM e) SELECT a, count(*) AS n FROM w GROUP BY a;
CREATE MATERIALIZED VIEW u AS
WITH RECURSIVE w AS (SELECT k FROM e) SELECT k, count(*) AS n FROM w GROUP BY k;
CREATE MATERIALIZED VIEW x AS
WITH w AS (DELETE FROM e RETURNING k) SELECT k, count(*) AS n FROM w GROUP BY k;
CREATE MATERIALIZED VIEW y AS
WITH w AS (SELECT k, count(*) AS c FROM e GROUP BY k) SELECT k, max(c) AS m FROM w GROUP BY k;
CREATE VIEW s AS
WITH w AS (SELECT k FROM e) SELECT r.k FROM ask r LEFT JOIN w USING (k);
