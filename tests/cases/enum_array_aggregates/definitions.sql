-- Lists of the values of an enum, and aggregates of arrays of one.

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
SELECT host,
       last_n(level, at, 2) AS latest,
       top_k(level, 2) AS most,
       (array_agg(level ORDER BY at DESC))[1:2] AS listed,
       (array_agg(DISTINCT level ORDER BY level DESC NULLS LAST))[1:3] AS worst,
       (array_agg(at ORDER BY level, at))[1] AS first_of_least,
       max(levels) AS greatest,
       min(levels) AS least,
       count(DISTINCT levels) AS distinct_count,
       first(levels, at) AS first_levels,
       max_by(levels, level) AS of_greatest,
       mode() WITHIN GROUP (ORDER BY levels) AS mode
FROM alerts
WHERE at > now() - interval '30 days'
GROUP BY host;
