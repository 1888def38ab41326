-- Casts among the types round as PostgreSQL rounds.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x)::int4 AS i,
       max(x)::int8 AS b,
       max(x)::numeric AS n,
       max(x)::numeric::int4 AS ni,
       max(x)::text AS t,
       (max(x) > 1)::int4 AS bi,
       count(*)::float8 AS f,
       '12'::int4 + count(*) AS u,
       max(x)::text = '2.5' AS same
FROM e
GROUP BY k;
