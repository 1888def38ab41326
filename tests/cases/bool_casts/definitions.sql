-- A boolean is 1 or 0 as int4, true or false as text; of int4 everything but 0 is true.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  p bool,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       bool_or(p)::int4                   AS i,
       bool_or(p)::text                   AS t,
       max(x)::bool                       AS b,
       sum(CASE WHEN p THEN 1 ELSE 0 END) AS n,
       sum(p::int4)                       AS n_too
FROM e
GROUP BY k;
