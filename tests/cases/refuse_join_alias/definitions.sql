-- The views of a service have aliases, the join of them none.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE ask (k text) SERVER request;
CREATE MATERIALIZED VIEW v AS SELECT k, count(*) AS n FROM e GROUP BY k;
CREATE VIEW s AS SELECT j.k, n FROM (ask r LEFT JOIN v USING (k)) AS j;
