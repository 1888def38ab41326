-- Old events fade to nothing and do not disturb the new.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       decayed_sum(x, at, interval '1 second') AS heat,
       decayed_count(at, interval '1 day') AS rate
FROM e
GROUP BY k;
