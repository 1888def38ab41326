-- A month later is the same day, or the last of a shorter month.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(at) + interval '1 month'                    AS month,
       max(at) - interval '1 month'                    AS back,
       max(at) + interval '1 year'                     AS year,
       max(at) + interval '1 month' - interval '1 day' AS mixed
FROM e
GROUP BY k;
