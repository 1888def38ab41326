-- sum of smallint and integer is bigint, avg is numeric.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s int2,
  i int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(s)     AS ss,
       sum(i)     AS si,
       avg(s)     AS avg_s,
       avg(i)     AS ai,
       sum(s) / 2 AS half
FROM e
GROUP BY k;
