-- Integer overflow in the read part is NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) + 1 AS bad,
       max(x)::int8 + 1 AS good,
       -min(x) AS neg,
       max(x) * 2 AS twice
FROM e
GROUP BY k;
