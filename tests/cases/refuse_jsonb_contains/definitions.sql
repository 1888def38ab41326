-- Containment is refused.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) FILTER (WHERE payload @> '{"x": 1}') AS feature
FROM e
GROUP BY k;
