-- A sum goes back to NULL when its window is empty, not to 0.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '1 minute')              AS s,
       count(x) FILTER (WHERE at > now() - interval '1 minute')            AS n,
       coalesce(sum(x) FILTER (WHERE at > now() - interval '1 minute'), 0) AS filled
FROM e
GROUP BY k;
