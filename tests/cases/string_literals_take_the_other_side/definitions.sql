-- An untyped literal takes the type of what it is compared with.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  f float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) = '7'                        AS x7,
       max(f) > '1.5'                      AS f15,
       max(t) = '7'                        AS t7,
       max(at) >= '2020-01-01 10:00:00+00' AS after,
       max(x) + '3'                        AS plus
FROM e
GROUP BY k;
