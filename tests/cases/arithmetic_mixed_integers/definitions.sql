-- int2 and int4 make int4, with int8 they make int8: overflow is of the result's type.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s int2,
  i int4,
  b int8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(s) + max(i)       AS si,
       max(i) + max(b)       AS ib,
       max(s) * max(s)       AS ss,
       max(i) * max(s)       AS isq,
       max(i)::int8 * max(i) AS wide
FROM e
GROUP BY k;
