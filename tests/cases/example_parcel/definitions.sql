-- The way of a parcel through hubs: an enum of steps, lists in the order of time, a promise that is kept or not.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE step AS ENUM ('picked', 'sorted', 'out', 'delivered');
CREATE FOREIGN TABLE scan (
  parcel text NOT NULL, hub text, step step NOT NULL, kg numeric(6,3), promised timestamptz, at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'scan', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW parcel AS
SELECT parcel,
       max(step) AS furthest,
       min(at) FILTER (WHERE step = 'delivered') - min(at) FILTER (WHERE step = 'picked') AS transit,
       (array_agg(DISTINCT hub))[1:10] AS hubs,
       array_to_string((array_agg(hub ORDER BY at))[1:6], ' → ') AS path,
       (array_agg(step ORDER BY at))[1:6] AS steps,
       array_position((array_agg(step ORDER BY at))[1:6], 'out') AS out_at,
       last(promised, at) < now() AND NOT bool_or(step = 'delivered') AS is_overdue,
       greatest(interval '0', now() - last(promised, at)) AS overdue_by,
       CASE WHEN max(kg) IS NULL THEN '?' WHEN max(kg) < 10 THEN 'S' ELSE 'L' END AS size
FROM scan
GROUP BY parcel;
