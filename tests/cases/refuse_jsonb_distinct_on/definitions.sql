-- DISTINCT ON compares whole rows, and a jsonb is not compared.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k, payload->>'x' AS x
FROM e
ORDER BY k, at DESC;
