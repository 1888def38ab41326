-- A whole literal is int4, int8 or numeric by its size; one with a point or exponent is numeric.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) + 2147483647          AS i4,
       max(x) + 2147483648          AS i8,
       max(x) + 9223372036854775808 AS num,
       max(x) + 1.0                 AS point,
       max(x) + 1e2                 AS exponent,
       max(x) / 2                   AS int_half,
       max(x) / 2.0                 AS half
FROM e
GROUP BY k;
