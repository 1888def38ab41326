-- A uuid and a date as parts of an entity key.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id uuid,
  d date,
  x smallint,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT id, d,
       sum(x) AS s,
       count(*) AS n
FROM e
GROUP BY id, d;
