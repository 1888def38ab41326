-- power and ^: of zero and negative numbers by the rules of float8.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  y float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       power(last(x, at), last(y, at)) AS p,
       pow(last(x, at), 2) AS q,
       last(x, at) ^ last(y, at) AS op,
       2 ^ count(*) AS n
FROM e
GROUP BY k;
