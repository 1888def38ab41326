-- NULLs are passed over; of NULLs alone the result is NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       min(x) AS least,
       max(t) AS last_text,
       max(t) FILTER (WHERE x > 100) AS none
FROM e
GROUP BY k;
