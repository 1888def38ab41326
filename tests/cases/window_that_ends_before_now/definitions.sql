-- A lagged window: after 2 hours ago, up to 1 hour ago.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '2 hours' AND at <= now() - interval '1 hour') AS n,
       sum(x) FILTER (WHERE at >= now() - interval '2 hours' AND at < now() - interval '1 hour') AS s
FROM e
GROUP BY k;
