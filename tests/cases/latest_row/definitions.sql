-- DISTINCT ON (k) ... ORDER BY k, ts DESC: the latest event of each entity. The select list may hold
-- expressions over its columns and now(); a NULL in the latest event is the value, not the one before.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  d numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k, x, y, d, at AS seen, x * 10 + 1 AS more, now() - at AS age, 100 / x AS share
FROM e
ORDER BY k, at DESC;
