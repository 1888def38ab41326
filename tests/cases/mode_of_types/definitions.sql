-- The mode of booleans, dates, uuids and numerics.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  b bool,
  d date,
  u uuid,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       mode() WITHIN GROUP (ORDER BY b) FILTER (WHERE at > now() - interval '2 days') AS b,
       mode() WITHIN GROUP (ORDER BY d) FILTER (WHERE at > now() - interval '2 days') AS d,
       mode() WITHIN GROUP (ORDER BY u) FILTER (WHERE at > now() - interval '2 days') AS u,
       mode() WITHIN GROUP (ORDER BY n) FILTER (WHERE at > now() - interval '2 days') AS n
FROM e
GROUP BY k;
