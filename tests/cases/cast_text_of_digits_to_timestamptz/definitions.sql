-- A time of digits alone is read from its end: day, month, and the rest is the year.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       CAST(CAST(last(x, at) AS text) AS timestamptz) AS t
FROM e
GROUP BY k;
