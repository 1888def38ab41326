-- The time may be any timestamptz: one that is still to come weighs more than 1; an infinite one counts nothing.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  due timestamptz,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       decayed_sum(x, due, interval '1 hour') AS heat,
       decayed_count(due, interval '1 hour') AS rate
FROM e
GROUP BY k;
