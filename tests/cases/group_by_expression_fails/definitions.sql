-- An error in a key expression makes the event a dead letter: nobody knows its entity.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  x integer,
  y integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT x / y AS q, count(*) AS n
FROM e
GROUP BY x / y;
