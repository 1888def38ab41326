-- One entity with more events than a tile, windows of hours to months.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '3 hours') AS h3,
       sum(x) FILTER (WHERE at > now() - interval '7 days') AS d7,
       avg(x) FILTER (WHERE at > now() - interval '30 days') AS d30,
       min(x) FILTER (WHERE at > now() - interval '30 days') AS mi,
       max(x) FILTER (WHERE at > now() - interval '90 days') AS ma,
       count(*) AS n
FROM e
WHERE at > now() - interval '100 days'
GROUP BY k;
