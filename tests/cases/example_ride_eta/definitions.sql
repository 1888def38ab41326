-- How long a driver takes, and an estimate from it; one view twice, an own default for who is new.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE trip (
  driver text NOT NULL, km float8 CHECK (km > 0), took interval, surge numeric(4,2) DEFAULT 1, ended_at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'trip', format 'json', event_time 'ended_at');

CREATE MATERIALIZED VIEW driver AS
SELECT driver,
       avg(took) AS avg_took,
       sum(km) / nullif(sum(extract(epoch FROM took))::float8 / 3600, 0) AS kmh,
       max(surge) FILTER (WHERE ended_at > now() - INTERVAL '1' DAY) AS max_surge,
       count(*) FILTER (WHERE extract(hour FROM ended_at AT TIME ZONE 'UTC') BETWEEN 7 AND 9) AS rush_trips,
       count(*) FILTER (WHERE ended_at - took < date_trunc('day', ended_at)) AS over_midnight,
       justify_hours(sum(took)) AS total
FROM trip
GROUP BY driver;

CREATE FOREIGN TABLE ride (driver text, other text, km float8) SERVER request;

CREATE VIEW eta_v2 AS
SELECT r.driver, d.kmh, d.total, d.max_surge, d.rush_trips,
       make_interval(secs => round((r.km / coalesce(d.kmh, 30) * 3600)::numeric)::float8) AS eta,
       greatest(d.kmh, o.kmh) AS faster,
       CASE WHEN d.kmh IS NULL THEN 'new' WHEN d.kmh > coalesce(o.kmh, 0) THEN r.driver ELSE r.other END AS choice
FROM ride r
LEFT JOIN driver d USING (driver)
LEFT JOIN driver o ON o.driver = r.other;
