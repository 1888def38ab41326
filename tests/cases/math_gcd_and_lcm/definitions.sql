-- Common divisors and multiples; what needs more bits is an error.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  y int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       gcd(last(x, at), last(y, at)) AS g,
       lcm(last(x, at), last(y, at)) AS l,
       lcm(last(x, at)::int8, last(y, at)) AS wide
FROM e
GROUP BY k;
