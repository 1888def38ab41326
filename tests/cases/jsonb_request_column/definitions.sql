-- A request column may be a jsonb; what a service gives out of it is a scalar.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum((payload->>'n')::int) AS n
FROM e
GROUP BY k;

CREATE FOREIGN TABLE q (
  k text,
  context jsonb
) SERVER request;

CREATE VIEW s AS
SELECT q.k,
       v.n,
       v.n + (q.context->'more')::int AS more,
       q.context->>'device' AS device,
       coalesce(q.context#>>'{geo,city}', '?') AS city
FROM q
LEFT JOIN v USING (k);
