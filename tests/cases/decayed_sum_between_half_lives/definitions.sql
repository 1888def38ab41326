-- The weight is 2 to the minus part of a half-life that has passed, to the microsecond.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       decayed_sum(x, at, interval '1 hour') AS heat,
       decayed_sum(x, at, interval '90 minutes') AS slower,
       decayed_count(at, interval '1 second') AS fast
FROM e
GROUP BY k;
