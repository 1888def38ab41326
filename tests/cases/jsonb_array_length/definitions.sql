-- jsonb_array_length of an array, and its errors; jsonb_typeof.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(jsonb_array_length(payload->'l')) AS length,
       max(jsonb_typeof(payload->'l')) AS kind,
       count(jsonb_typeof(payload->'none')) AS none
FROM e
GROUP BY k;
