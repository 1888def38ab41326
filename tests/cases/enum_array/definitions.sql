-- An array of an enum is ordered by the labels, and a literal beside it is one.

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
       last(levels, at) AS levels,
       last(levels[1], at) AS first_level,
       last(levels[2:3], at) AS middle,
       last(levels[:2], at) AS two,
       last(levels = '{low,critical}', at) AS is_equal,
       last(levels < ARRAY['low', 'critical']::severity[], at) AS is_less,
       last(levels >= '{high}'::severity[], at) AS is_greater,
       last(levels @> '{critical}', at) AS contains,
       last('{low}' <@ levels, at) AS is_contained,
       last(levels && ARRAY[level], at) AS overlaps,
       last(level = ANY (levels), at) AS is_one,
       last('critical' = ANY (levels), at) AS has_critical,
       last(level >= ALL (levels), at) AS is_worst,
       last(level = ANY ('{low,high}'), at) AS is_listed,
       last(levels IS NOT DISTINCT FROM '{}', at) AS is_empty,
       last(coalesce(levels, '{a b}'), at) AS filled,
       last(nullif(levels, '{}'), at) AS known,
       last(greatest(levels, '{high}'), at) AS greatest,
       last(CASE WHEN level > 'low' THEN levels ELSE ARRAY[level, 'high'] END, at) AS chosen,
       ARRAY[max(level), min(level)] AS ends
FROM alerts
GROUP BY host;
