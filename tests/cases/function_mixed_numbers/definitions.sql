-- Which function is meant where the types differ: numeric for numeric and integer, float8 for the rest.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  i int4,
  n numeric,
  f float8,
  r real,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       mod(last(i, at), last(n, at)) AS m,
       width_bucket(last(i, at), 0, 10, 5) AS b,
       round(last(n, at) + last(i, at)) AS rn,
       round(last(n, at) + last(f, at)) AS rf,
       sqrt(last(r, at)) AS sr,
       abs(last(r, at)) AS ar,
       power(last(n, at), last(f, at)) AS p,
       sign(last(i, at)) AS s,
       floor(last(i, at) / 2) AS fl
FROM e
GROUP BY k;
