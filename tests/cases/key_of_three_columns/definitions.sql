-- All columns of a composite key matter, in their order.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  a text,
  b text,
  c text,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT a, b, c,
       sum(x) AS s
FROM e
GROUP BY a, b, c;
