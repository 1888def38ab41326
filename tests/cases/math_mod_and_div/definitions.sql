-- mod has the sign of the dividend; div is the whole quotient.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int8,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       mod(last(x, at), 3) AS m,
       mod(last(n, at), 2) AS mn,
       div(last(n, at), 2) AS d,
       div(last(n, at), 0.7) AS dn,
       mod(last(x, at), 0) AS by_zero,
       mod(last(x, at)::int4, 4) AS mi
FROM e
GROUP BY k;
