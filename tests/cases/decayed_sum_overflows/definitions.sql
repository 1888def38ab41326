-- A sum beyond float8 at its newest event is an error of that feature alone.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       decayed_sum(x, at, interval '1 hour') AS heat,
       count(*) AS n
FROM e
GROUP BY k;
