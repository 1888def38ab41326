-- A cast of a text that is no JSON is an error: a dead letter in an argument, and NULL in a feature.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  body text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       last(body, at)::jsonb->>'x' AS x
FROM e
GROUP BY k;
