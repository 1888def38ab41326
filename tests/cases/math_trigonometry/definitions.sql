-- Angles and their functions; infinite angles are out of range.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sin(last(x, at)) AS s,
       cos(last(x, at)) AS c,
       tan(last(x, at)) AS t,
       asin(last(x, at)) AS arc_s,
       acos(last(x, at)) AS arc_c,
       atan(last(x, at)) AS arc_t,
       atan2(last(x, at), 2) AS a2,
       degrees(last(x, at)) AS d,
       radians(last(x, at)) AS r,
       pi() AS pi
FROM e
GROUP BY k;
