-- The decayed sum of no values is NULL, the decayed count 0; a NULL x is no value, a NULL time no event.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  seen timestamptz,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       decayed_sum(x, at, interval '1 hour') AS heat,
       decayed_sum(x, seen, interval '1 hour') AS heat_seen,
       decayed_count(seen, interval '1 hour') AS rate_seen
FROM e
GROUP BY k;
