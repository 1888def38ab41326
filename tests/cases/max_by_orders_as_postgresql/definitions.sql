-- NaN is the greatest float, text compares by bytes, months count as 30 days.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  f float8,
  s text,
  i interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max_by(x, f) AS by_float,
       min_by(x, f) AS least_float,
       max_by(x, s) AS by_text,
       min_by(x, s) AS least_text,
       max_by(x, i) AS by_interval,
       min_by(x, i) AS least_interval
FROM e
GROUP BY k;
