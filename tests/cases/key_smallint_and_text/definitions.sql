-- A composite key of a number and a text: (1, '23') is not (12, '3').

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  a int2 NOT NULL,
  b text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT a, b,
       sum(x) AS s
FROM e
GROUP BY a, b;
