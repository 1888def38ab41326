-- A bound is a constant that can be counted in microseconds.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '9223372036854775807 us' - interval '1 us') AS a,
       count(*) FILTER (WHERE at > now() - NULL::interval) AS b,
       count(*) FILTER (WHERE at > now() - interval '-9223372036854775808 us') AS c,
       count(*) FILTER (WHERE at > now() + interval '-9223372036854775808 us') AS d
FROM e
GROUP BY k;
