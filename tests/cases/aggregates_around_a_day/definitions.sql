-- Since midnight UTC: at midnight all begins again.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at >= date_trunc('day', now())) AS today,
       max(x) FILTER (WHERE at >= date_trunc('day', now()) - interval '1 day' AND at < date_trunc('day', now())) AS yesterday,
       stddev_pop(x) FILTER (WHERE at >= date_trunc('day', now())) AS spread
FROM e
GROUP BY k;
