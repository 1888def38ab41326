-- An error in a column of a subquery that an aggregate reads makes the event a dead letter.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(risky) AS s
FROM (SELECT k, 10 / (x - 2) AS risky, at FROM e) AS s
GROUP BY k;
