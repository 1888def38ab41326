-- Lengths and precisions are of varchar and numeric.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE q (a text(3), b varchar(10485761), c timestamptz(3), d interval(3)) SERVER request;
CREATE MATERIALIZED VIEW v AS SELECT k, count(*) FILTER (WHERE at > now() - interval '1:30' hour to minute) AS n FROM e GROUP BY k;
