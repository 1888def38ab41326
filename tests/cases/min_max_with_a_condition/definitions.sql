-- The greatest among the events that meet a condition, none of which may be there yet.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  kind text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) FILTER (WHERE kind = 'sell') AS sold,
       min(x) FILTER (WHERE kind IN ('buy', 'swap') AND x > 0) AS bought
FROM e
GROUP BY k;
