-- A join names the whole key.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE ask (k text, i integer) SERVER request;
CREATE MATERIALIZED VIEW v AS SELECT k, i, count(*) AS n FROM e GROUP BY k, i;
CREATE VIEW s AS SELECT v.n FROM ask r LEFT JOIN v USING (k);
CREATE VIEW u AS SELECT v.n FROM ask r LEFT JOIN v ON v.k = r.k;
