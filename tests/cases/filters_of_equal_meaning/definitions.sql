-- A condition written in another way gives the same feature.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '1 hour')                   AS a,
       sum(x) FILTER (WHERE now() - interval '1 hour' < at)                   AS b,
       sum(x) FILTER (WHERE at > now() - interval '60 minutes')               AS c,
       sum(x) FILTER (WHERE at > now() - '1 hour'::interval)                  AS d,
       sum(x) FILTER (WHERE at > current_timestamp - interval '3600 seconds') AS e,
       sum(x) FILTER (WHERE at + interval '1 hour' > now())                   AS f,
       sum(x) FILTER (WHERE now() - at < interval '1 hour')                   AS g
FROM e
GROUP BY k;
