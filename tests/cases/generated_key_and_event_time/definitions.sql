-- A generated column may be the event time and part of the entity key.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  user_id integer,
  region text DEFAULT 'eu',
  ms bigint,
  k text GENERATED ALWAYS AS (region || '/' || user_id) STORED,
  at timestamptz GENERATED ALWAYS AS (to_timestamp(ms / 1000.0)) STORED
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)                                                  AS n,
       count(*) FILTER (WHERE at > now() - interval '1 second')  AS fresh,
       max(at)                                                   AS newest
FROM e
GROUP BY k;
