-- DISTINCT ON of a source with a jsonb: rows that ORDER BY leaves tied compare it by its text.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (k text NOT NULL, x integer, p jsonb, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k, x, p->>'name' AS name, (p->'size')::int AS size
FROM e
ORDER BY k, at DESC, x DESC;
