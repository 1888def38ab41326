-- The functions of arrays take those of an enum.

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
       last(array_length(levels, 1), at) AS length,
       last(cardinality(levels), at) AS count,
       last(array_upper(levels, 1), at) AS last_index,
       last(levels || level, at) AS appended,
       last(level || levels, at) AS prepended,
       last(levels || levels[1:1], at) AS joined,
       last(array_append(levels, 'high'), at) AS with_high,
       last(array_append(NULL, level), at) AS alone,
       last(array_prepend('high', levels), at) AS high_first,
       last(array_cat(levels, '{low}'), at) AS with_low,
       last(array_position(levels, 'critical'), at) AS place,
       last(array_position(levels, level), at) AS own_place,
       last(array_position(levels, NULL), at) AS null_place,
       last(array_positions(levels, 'critical'), at) AS places,
       last(array_remove(levels, 'low'), at) AS without_low,
       last(array_replace(levels, 'low', level), at) AS replaced,
       last(array_replace(levels, NULL, 'low'), at) AS without_null,
       last(trim_array(levels, least(cardinality(levels), 1)), at) AS trimmed
FROM alerts
GROUP BY host;
