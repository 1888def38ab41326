-- A row that DISTINCT ON picks, ordered by an array of an enum.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE severity AS ENUM ('low', 'high', 'critical', 'a b', 'null');
CREATE FOREIGN TABLE alerts (
  host text NOT NULL,
  level severity,
  levels severity[],
  names text[],
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'alerts', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (host) host, levels, level, levels[1] AS first_level
FROM alerts
ORDER BY host, levels DESC NULLS LAST, at DESC;
