-- Text becomes a number if it is one, blanks around it aside; else it is an error and the feature NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(t)::int4    AS i,
       max(t)::float8  AS f,
       max(t)::numeric AS n,
       max(t)::bool    AS b
FROM e
GROUP BY k;
