-- A key of text, bigint, bool and an instant.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  i int8 NOT NULL,
  b bool NOT NULL,
  t timestamptz NOT NULL,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, i, b, t, count(*) AS n
FROM e
GROUP BY k, i, b, t;
