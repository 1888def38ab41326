-- WHERE with a condition on the event: events that fail it do not exist.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       min(x) AS m
FROM e
WHERE x > 1 AND at > now() - interval '2 hours' AND x <> 8
GROUP BY k;
