-- A number may come as a JSON string, a text may come as a JSON number.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text,
  x int4,
  f float8,
  n numeric,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x)      AS x,
       sum(f)      AS f,
       sum(n)      AS n,
       last(t, at) AS t
FROM e
GROUP BY k;
