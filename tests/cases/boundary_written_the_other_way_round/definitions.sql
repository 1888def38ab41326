-- now() - interval < at is at > now() - interval.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE now() - interval '1 hour' < at) AS open,
       count(*) FILTER (WHERE now() - interval '1 hour' <= at) AS closed
FROM e
GROUP BY k;
