-- Text is compared by its bytes: capitals before small letters, both before what is beyond ASCII.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       min(t)       AS lo,
       max(t)       AS hi,
       max(t) > 'Z' AS after_z,
       min(t) < 'a' AS before_a
FROM e
GROUP BY k;
