-- All errors of a file are reported in one run, by place.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, sum(t) AS a, x AS b, last(f) AS c
FROM e
WHERE at > now() - interval '1 month'
GROUP BY k;
CREATE MATERIALIZED VIEW w AS SELECT k, count(*) FROM nothing GROUP BY k;
