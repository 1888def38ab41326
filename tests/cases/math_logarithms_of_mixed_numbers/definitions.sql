-- exp, logarithms and powers of whole numbers are of float8, of what has a numeric in it numeric.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  i integer,
  b bigint,
  f float8,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       ln(last(i, at)) AS of_integer,
       ln(avg(i)) AS of_average,
       ln(1 + count(*)) AS of_count,
       log(2, count(*)) AS base_two,
       (count(*) + 0.5) ^ 2 AS square,
       2 ^ count(*) AS float_power,
       power(last(n, at), last(i, at)) AS mixed,
       power(last(f, at), last(n, at)) AS float_mixed,
       power(last(n, at), '2') AS literal,
       exp(-sum(b) / 1000.0) AS decay,
       exp(-last(n, at)) / (1 + exp(-last(n, at))) AS logistic,
       sqrt(power(avg(i), 2) + power(avg(b), 2)) AS norm,
       ln(nullif(sum(n), 0)) * avg(i) AS weighted
FROM e
GROUP BY k;
