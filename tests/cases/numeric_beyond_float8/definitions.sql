-- A numeric that no float8 is near is an error, and so is one too close to zero.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(n, at)::float8 AS f,
       last(n, at)::real AS r,
       last(n, at) * 2 AS twice
FROM e
GROUP BY k;
