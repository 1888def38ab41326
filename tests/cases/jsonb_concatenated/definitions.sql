-- A text joined with a jsonb, and concat, take its text.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(k || payload, at) AS joined,
       last(concat(payload, '/', payload->'b'), at) AS both,
       last(length(payload::text), at) AS letters
FROM e
GROUP BY k;
