-- round of float8 goes to the even neighbour; ceil, floor, trunc and sign keep NaN, infinities and -0.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       round(last(x, at)) AS rounded,
       ceil(last(x, at)) AS up,
       floor(last(x, at)) AS down,
       trunc(last(x, at)) AS cut,
       sign(last(x, at)) AS sign,
       abs(last(x, at)) AS size
FROM e
GROUP BY k;
