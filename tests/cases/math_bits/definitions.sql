-- Bits of whole numbers; a shift by the whole width takes the count modulo it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  y int8,
  z int2,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(x, at) & 6 AS b_and,
       last(x, at) | 8 AS b_or,
       last(x, at) # 3 AS b_xor,
       ~ last(x, at) AS b_not,
       last(x, at) << 1 AS up,
       last(x, at) >> 1 AS down,
       last(y, at) << 2 AS up_8,
       last(z, at) << 1::int4 AS up_2,
       last(x, at) << 33 AS wrapped,
       last(x, at) & last(y, at) AS wide
FROM e
GROUP BY k;
