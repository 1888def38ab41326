-- CHECK over a jsonb; NOT NULL of one.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb NOT NULL CHECK ((payload->>'n')::int > 0),
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum((payload->>'n')::int) AS n
FROM e
GROUP BY k;
