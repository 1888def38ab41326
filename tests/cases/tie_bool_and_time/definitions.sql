-- Ties of booleans and instants.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  b bool,
  t timestamptz,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(b, at) AS lb,
       first(b, at) AS fb,
       last(t, at) AS lt
FROM e
GROUP BY k;
