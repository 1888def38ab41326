-- Arrays of an enum are cast to texts and from them, as a whole and element by element.

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
       last(levels::text, at) AS whole,
       last(levels::text[], at) AS texts,
       last(names::severity[], at) AS of_texts,
       last(('{' || level::text || ',low}')::severity[], at) AS read,
       last(CAST(ARRAY['low', NULL, level::text] AS severity[]), at) AS made,
       last(ARRAY[]::severity[] || level, at) AS alone,
       last('say ' || levels::text, at) AS said,
       last(concat(levels, '/', level), at) AS joined,
       last(array_to_string(levels, '+'), at) AS listed,
       last(array_to_string(levels, '+', '?'), at) AS with_null,
       last(levels::text[] || names, at) AS both
FROM alerts
WHERE level <> 'a b'
GROUP BY host;
