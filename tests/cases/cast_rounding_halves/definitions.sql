-- float8 rounds halves to even, numeric away from zero.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  f float8,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(f)::int4 AS fi,
       max(n)::int4 AS ni,
       max(f)::int8 AS fb,
       max(n)::int8 AS nb,
       max(f)::int2 AS fs
FROM e
GROUP BY k;
