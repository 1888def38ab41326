-- A time without zone depends on the session's time zone: now() is the clock, CURRENT_DATE its day.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, max(i) AS m, localtimestamp AS a, current_time AS b, current_timestamp(0) AS c
FROM e
GROUP BY k;
