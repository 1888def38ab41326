-- No lower bound: everything older than an hour.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at <= now() - interval '1 hour') AS n,
       max(x) FILTER (WHERE at < now() - interval '1 hour') AS m
FROM e
GROUP BY k;
