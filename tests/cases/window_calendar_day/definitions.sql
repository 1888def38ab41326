-- A calendar window: since midnight UTC.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at >= date_trunc('day', now())) AS today,
       sum(x) FILTER (WHERE at >= date_trunc('hour', now())) AS this_hour
FROM e
GROUP BY k;
