-- Windows within the subquery and around it meet: the narrower counts.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n
FROM (SELECT k, at FROM e WHERE at > now() - interval '2 days' AND at <= now() - interval '1 hour') AS s
WHERE at > now() - interval '20 hours'
GROUP BY k;
