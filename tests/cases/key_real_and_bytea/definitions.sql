-- A real and a bytea as parts of an entity key: -0 is 0, NaN is itself.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  r real,
  b bytea,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT r, b,
       sum(x) AS s
FROM e
GROUP BY r, b;
