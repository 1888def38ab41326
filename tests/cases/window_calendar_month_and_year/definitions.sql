-- date_trunc counts months and years as the calendar has them.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at >= date_trunc('month', now()))   AS m,
       sum(x) FILTER (WHERE at >= date_trunc('quarter', now())) AS q,
       sum(x) FILTER (WHERE at >= date_trunc('year', now()))    AS y
FROM e
GROUP BY k;
