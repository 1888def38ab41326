-- The least integer has no absolute value: an error, so NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  y int8,
  z int2,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       abs(last(x, at)) AS i,
       abs(last(y, at)) AS b,
       abs(last(z, at)) AS s,
       abs(last(x, at)::int8) AS wide
FROM e
GROUP BY k;
