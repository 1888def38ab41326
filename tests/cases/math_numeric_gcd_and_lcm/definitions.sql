-- gcd, lcm and min_scale of numerics; div and mod of long ones.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a numeric,
  b numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       gcd(last(a, at), last(b, at)) AS g,
       lcm(last(a, at), last(b, at)) AS l,
       min_scale(last(a, at)) AS m,
       min_scale(last(a, at) * last(b, at)) AS mm,
       div(last(a, at), nullif(last(b, at), 0)) AS d,
       mod(last(a, at), nullif(last(b, at), 0)) AS r,
       gcd(last(a, at), 12) AS g12
FROM e
GROUP BY k;
