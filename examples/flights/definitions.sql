-- Features of flights that leave New York City, and the vector of a model that says how late one
-- will land. PostgreSQL reads every statement of this file; examples/flights/prepare makes the events.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:19092');

-- A flight that is over: it landed, was diverted, or was cancelled. Published in the order of
-- scheduled departure, so events come hours out of order.
CREATE FOREIGN TABLE flights (
  scheduled  timestamptz NOT NULL,
  ended_at   timestamptz NOT NULL,
  carrier    text NOT NULL,
  flight     int4,
  tailnum    text,
  origin     text NOT NULL,
  dest       text NOT NULL,
  dep_delay  float8,
  arr_delay  float8 CHECK (arr_delay > -1440),
  air_time   float8 CHECK (air_time > 0),
  distance   int4,
  cancelled  boolean NOT NULL
) SERVER events OPTIONS (topic 'flights', format 'json', event_time 'ended_at', history 'public.flights');

COMMENT ON COLUMN flights.ended_at IS 'arrival; of a cancelled flight, its scheduled departure';
COMMENT ON COLUMN flights.tailnum IS 'the aircraft; not known of most flights that were cancelled early';

-- The aircraft: is it late today, and is it where it should be?
CREATE MATERIALIZED VIEW aircraft AS
SELECT tailnum,
       count(*)       FILTER (WHERE ended_at > now() - interval '24 hours') AS legs_24h,
       avg(arr_delay) FILTER (WHERE ended_at > now() - interval '7 days')   AS avg_delay_7d,
       last(arr_delay, ended_at) FILTER (WHERE NOT cancelled)               AS last_delay,
       last(dest, ended_at)      FILTER (WHERE NOT cancelled)               AS last_airport,
       sum(air_time)                                                        AS air_minutes_30d,
       now() - max(ended_at)                                                AS idle
FROM flights
WHERE ended_at > now() - interval '30 days'
GROUP BY tailnum;

COMMENT ON COLUMN aircraft.avg_delay_7d IS 'minutes, mean over landed legs; negative is early';
COMMENT ON COLUMN aircraft.idle IS 'time since its last flight from New York was over';

-- The airport it leaves from: how are things there in these hours?
CREATE MATERIALIZED VIEW airport AS
SELECT origin,
       count(*)       FILTER (WHERE ended_at > now() - interval '1 hour')  AS flights_1h,
       avg(dep_delay) FILTER (WHERE ended_at > now() - interval '3 hours') AS avg_dep_delay_3h,
       max(dep_delay) FILTER (WHERE ended_at > now() - interval '6 hours') AS worst_dep_delay_6h,
       count(*)       FILTER (WHERE ended_at >= date_trunc('day', now()))  AS flights_today,
       count(*) FILTER (WHERE cancelled AND ended_at > now() - interval '24 hours')::float8
         / nullif(count(*) FILTER (WHERE ended_at > now() - interval '24 hours'), 0)
                                                                           AS cancelled_share_24h
FROM flights
WHERE ended_at > now() - interval '30 days'
GROUP BY origin;

COMMENT ON COLUMN airport.flights_today IS 'since midnight UTC';
COMMENT ON COLUMN airport.cancelled_share_24h IS 'of the flights over in the last 24 hours, 0 to 1';

-- The carrier. No WHERE on now(): it is remembered for ever, and flights_ever counts every event.
CREATE MATERIALIZED VIEW carrier AS
SELECT carrier,
       count(*)                                                           AS flights_ever,
       avg(arr_delay) FILTER (WHERE ended_at > now() - interval '7 days') AS avg_delay_7d,
       count(*) FILTER (WHERE arr_delay <= 15 AND ended_at > now() - interval '7 days')::float8
         / nullif(count(arr_delay) FILTER (WHERE ended_at > now() - interval '7 days'), 0)
                                                                          AS on_time_share_7d
FROM flights
GROUP BY carrier;

-- The route: what is normal between these two airports?
CREATE MATERIALIZED VIEW route AS
SELECT origin, dest,
       count(*)       FILTER (WHERE ended_at > now() - interval '7 days') AS flights_7d,
       avg(arr_delay) FILTER (WHERE ended_at > now() - interval '8 days'
                                AND ended_at <= now() - interval '1 day') AS avg_delay_week_before,
       min(air_time)                                                      AS best_air_time_30d,
       avg(air_time)                                                      AS avg_air_time_30d,
       max(distance)                                                      AS distance
FROM flights
WHERE ended_at > now() - interval '30 days'
GROUP BY origin, dest;

COMMENT ON COLUMN route.avg_delay_week_before IS 'the seven days that ended yesterday at this time';

-- What is known when somebody asks.
CREATE FOREIGN TABLE trip (
  tailnum   text,
  origin    text,
  dest      text,
  carrier   text,
  scheduled timestamptz
) SERVER request;

-- The vector that the model reads.
CREATE VIEW delay_model_v1 AS
SELECT t.tailnum, t.origin, t.dest, t.carrier,
       a.legs_24h,
       a.avg_delay_7d,
       a.last_delay,
       a.last_delay - p.avg_dep_delay_3h     AS relative_delay,
       a.last_airport = t.origin             AS is_in_place,
       extract(epoch FROM a.idle) / 3600     AS idle_hours,
       p.flights_1h,
       p.avg_dep_delay_3h,
       p.worst_dep_delay_6h,
       p.flights_today,
       p.cancelled_share_24h,
       c.flights_ever,
       c.on_time_share_7d,
       coalesce(r.avg_delay_week_before, c.avg_delay_7d, 0) AS usual_delay,
       r.flights_7d,
       r.avg_air_time_30d - r.best_air_time_30d AS air_time_slack,
       r.distance,
       extract(hour FROM t.scheduled)        AS hour,
       extract(isodow FROM t.scheduled)      AS weekday
FROM trip t
LEFT JOIN aircraft a USING (tailnum)
LEFT JOIN airport  p USING (origin)
LEFT JOIN carrier  c USING (carrier)
LEFT JOIN route    r USING (origin, dest);

COMMENT ON VIEW delay_model_v1 IS 'minutes that a flight will land late, asked at scheduled departure';
COMMENT ON COLUMN delay_model_v1.usual_delay IS 'of the route, else of the carrier, else none';
