-- Only what FILTER lets in.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       variance(x) FILTER (WHERE ok) AS good,
       stddev_pop(x) FILTER (WHERE NOT ok) AS bad
FROM e
GROUP BY k;
