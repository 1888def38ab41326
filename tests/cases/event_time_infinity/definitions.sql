-- An event at infinity is in no view at any T; one at -infinity is, from the first T on, where there
-- is no window.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE readings (
  sensor text NOT NULL,
  value  int4,
  at     timestamptz NOT NULL
) SERVER events OPTIONS (topic 'readings', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW sensors AS
SELECT sensor, count(*) AS readings, sum(value) AS total, min(at) AS first_at, max(at) AS last_at,
       last(value, at) AS last_value,
       count(*) FILTER (WHERE at > now() - interval '1 hour') AS readings_1h
FROM readings
GROUP BY sensor;
