-- Casts of a jsonb number: rounded to an integer, exact to a numeric, and a boolean to a boolean.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum((payload->'n')::int) AS i,
       sum((payload->'n')::smallint) AS s,
       sum((payload->'n')::bigint) AS b,
       sum((payload->'n')::numeric) AS n,
       sum((payload->'n')::float8) AS f,
       max((payload->'n')::real) AS r,
       sum((payload->>'n')::numeric(10,1)) AS of_text,
       bool_or((payload->'t')::boolean) AS t,
       last((payload->'n')::numeric, at) AS last_n
FROM e
GROUP BY k;
