-- A half-life has one length, and a direction.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k,
       decayed_count(at, interval '1 month')  AS a,
       decayed_count(at, interval '-1 hour')  AS b,
       decayed_sum(f, at, interval '0 hours') AS c
FROM e
GROUP BY k;
