-- round of numeric goes away from zero; digits may be negative; the scale is what was asked for.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       round(last(x, at)) AS whole,
       round(last(x, at), 2) AS cents,
       round(last(x, at), -2) AS hundreds,
       trunc(last(x, at), 1) AS cut,
       ceil(last(x, at)) AS up,
       floor(last(x, at)) AS down,
       round(last(x, at), 6) AS padded
FROM e
GROUP BY k;
