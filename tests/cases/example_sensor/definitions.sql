-- Readings of a sensor: an enum of quality with a default, lists of it, calendar and sliding windows.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE quality AS ENUM ('bad', 'uncertain', 'good');
CREATE FOREIGN TABLE reading (
  sensor text NOT NULL, metric text NOT NULL, value real, quality quality DEFAULT 'uncertain', firmware varchar(12),
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'reading', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW sensor AS
SELECT sensor, metric,
       avg(value) FILTER (WHERE at > now() - interval '90 minutes') AS avg_90m,
       max(value) - min(value) AS range,
       last(value, at) - first(value, at) AS drift,
       min(quality) AS worst,
       (array_agg(quality ORDER BY at DESC))[1:3] AS last_qualities,
       'bad' = ANY ((array_agg(quality ORDER BY at DESC))[1:3]) AS had_bad,
       width_bucket(last(value, at)::float8, -40, 120, 8) AS bucket,
       histogram(value, -40, 120, 4) AS spread,
       last(firmware, at) IS DISTINCT FROM first(firmware, at) AS upgraded,
       abs(coalesce(last(value, at), 0)) > 100 AS alarm,
       count(*) FILTER (WHERE at >= date_trunc('hour', now())) AS this_hour
FROM reading
WHERE at > now() - interval '6 hours'
GROUP BY sensor, metric;
