-- A time prints in UTC with as many digits as it needs, and is read in any zone.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(t)::timestamptz           AS at,
       max(at)::text                 AS said,
       max(t)::timestamptz - max(at) AS apart,
       max(t)::timestamptz::date     AS day
FROM e
GROUP BY k;
