-- real (float4): prints its own shortest digits, computes in single precision, and beside any other
-- number in double precision. sum is real, avg double precision.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x real,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) AS s,
       avg(x) AS a,
       min(x) AS mi,
       max(x) AS ma,
       last(x, at) AS l,
       max(x) * min(x) AS product,
       max(x) + 1 AS with_integer,
       max(x)::float8 AS as_double,
       max(x) = 0.1 AS tenth,
       last(x, at)::numeric AS digits,
       last(x, at)::text AS shown
FROM e
GROUP BY k;
