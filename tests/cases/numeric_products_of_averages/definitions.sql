-- Averages of whole numbers have 16 digits after the point, products of them as many as all their
-- factors have: more than 38 digits in all are no error.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a integer,
  b bigint,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       avg(a) * avg(b) AS two,
       avg(a) * avg(b) * avg(a) * avg(b) AS four,
       sum(b) * avg(a) * avg(a) AS of_sum,
       variance(a) * variance(b) AS spread,
       stddev(a) * stddev(b) / (avg(a) * avg(b)) AS ratio,
       (avg(a) - 1.5) * (avg(a) - 1.5) * (avg(b) - 0.25) AS centered,
       round(avg(a) * avg(b), 4) AS rounded,
       avg(a) * avg(b) > sum(a)::numeric AS greater
FROM e
GROUP BY k;
