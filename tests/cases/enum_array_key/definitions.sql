-- An array of an enum is an entity key; NULL elements are equal there.

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
SELECT levels, count(*) AS n, levels[1] AS first_level, max(level) AS worst
FROM alerts
GROUP BY levels;
