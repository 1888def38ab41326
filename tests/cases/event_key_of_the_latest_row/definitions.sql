-- The latest row is looked for among the events that count.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  id text,
  x integer,
  s text,
  at timestamptz NOT NULL,
  PRIMARY KEY (k, id, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k, id, x, s
FROM e
WHERE s IS DISTINCT FROM 'no'
ORDER BY k, at DESC;
