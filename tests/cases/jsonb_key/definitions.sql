-- A key, a filter and a condition of WHERE from a jsonb.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT payload->>'id' AS id,
       count(*) AS n,
       sum((payload->>'amount')::numeric) FILTER (WHERE payload->>'kind' = 'sale') AS sold,
       max(coalesce(payload->>'kind', '?')) AS kind
FROM e
WHERE (payload->'ok')::bool
GROUP BY payload->>'id';
