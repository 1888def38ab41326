-- Seconds since 1970 as a time; NaN and what is out of range are errors.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       to_timestamp(last(x, at)) AS t,
       isfinite(to_timestamp(last(x, at))) AS f
FROM e
GROUP BY k;
