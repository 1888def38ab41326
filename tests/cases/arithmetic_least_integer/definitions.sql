-- The least integer has no negation, and divided by -1 it overflows.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       -max(x)     AS neg,
       max(x) / -1 AS q,
       max(x) % -1 AS r,
       max(x) + 0  AS same
FROM e
GROUP BY k;
