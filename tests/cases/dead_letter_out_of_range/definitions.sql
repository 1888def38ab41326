-- A number that does not fit its column is a dead letter, not a smaller number.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text,
  s int2,
  x int4,
  r real,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       sum(s)   AS s,
       sum(x)   AS x
FROM e
GROUP BY k;
