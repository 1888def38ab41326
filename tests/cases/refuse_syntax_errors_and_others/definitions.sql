-- A statement that does not parse hides no error of another, and what uses its name is not reported.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE ask (k text,) SERVER request;
CREATE MATERIALIZED VIEW "My View" AS SELEC k FROM e;
CREATE MATERIALIZED VIEW w AS SELECT k, summ(i) AS s FROM e GROUP BY k;
CREATE VIEW s AS SELECT r.k, m.x, r.nothing FROM ask r LEFT JOIN "My View" m USING (k);
COMMENT ON COLUMN "My View".x IS 'the column of a view that did not parse';
CREATE STREAM st (k text, at timestamptz);
CREATE MATERIALIZED VIEW x AS SELECT k, sum(y) AS s FROM st GROUP BY k;
CREATE MATERIALIZED VIEW u AS SELECT k, count(*) AS n FROM e GROUP BY k
CREATE VIEW s2 AS SELECT r.k FROM ask r;
CREATE VIEW s3 AS SELECT k FROM s2;
CREATE MATERIALIZED VIEW y AS SELECT k, sum(z) AS n FROM e GROUP BY k;
GRANT SELECT ON s2 TO nobody;
