-- The fields of an interval are its own parts, not its length.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       extract(day FROM max(at) - min(at))           AS day,
       extract(hour FROM max(at) - min(at))          AS hour,
       extract(minute FROM max(at) - min(at))        AS minute,
       extract(epoch FROM max(at) - min(at))         AS epoch,
       extract(epoch FROM interval '1 month 2 days') AS fixed
FROM e
GROUP BY k;
