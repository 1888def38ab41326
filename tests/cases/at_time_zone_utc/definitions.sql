-- AT TIME ZONE 'UTC' changes no day, no field and no window: all is in UTC.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  n numeric,
  f float8,
  small smallint,
  s text,
  ok boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       extract(hour FROM max(at) AT TIME ZONE 'UTC') AS hour,
       extract(epoch FROM max(at) AT TIME ZONE 'utc') AS epoch,
       date_part('dow', max(at) AT TIME ZONE 'UTC') AS dow,
       (max(at) AT TIME ZONE 'UTC')::date AS day,
       date(min(at) AT TIME ZONE 'UTC') AS first_day,
       date_trunc('month', max(at) AT TIME ZONE 'UTC')::date AS month,
       date_trunc('day', max(at) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS midnight,
       count(*) FILTER (WHERE extract(hour FROM at AT TIME ZONE 'UTC') >= 12) AS afternoon,
       count(*) FILTER (WHERE (at AT TIME ZONE 'UTC')::date = (now() AT TIME ZONE 'UTC')::date) AS today
FROM e
GROUP BY k;
