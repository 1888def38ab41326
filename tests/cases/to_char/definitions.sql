-- to_char of a time, by the patterns that are numbers in every locale.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  sep text,
  y integer,
  m integer,
  p jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       to_char(max(at), 'YYYY-MM-DD') AS day,
       to_char(max(at), 'yyyymm') AS month,
       to_char(max(at), 'HH24:MI:SS.MS') AS clock,
       to_char(max(at), 'HH12 hh US') AS clock12,
       to_char(max(at), 'IYYY-"W"IW-ID') AS iso_week,
       to_char(max(at), 'DDD/D/WW/Q') AS places,
       to_char(max(at), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS stamp,
       to_char(max(at)::date, 'DD.MM.YYYY') AS of_date,
       count(*) FILTER (WHERE to_char(at, 'HH24') < '06') AS at_night,
       to_char(timestamptz 'infinity', 'YYYY') AS never
FROM e
GROUP BY k;
