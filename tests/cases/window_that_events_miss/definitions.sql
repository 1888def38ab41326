-- An event may miss a window: at 23:30 it is not yet an hour old, and an hour later not of that day.
-- It takes nothing from the events after it.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE readings (
  sensor text NOT NULL,
  value  int4,
  at     timestamptz NOT NULL
) SERVER events OPTIONS (topic 'readings', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW sensors AS
SELECT sensor, count(*) AS readings,
       sum(value) FILTER (WHERE at >= date_trunc('day', now())
                            AND at <= now() - interval '1 hour') AS settled
FROM readings
GROUP BY sensor;
