-- A comparison with NULL is NULL, IS DISTINCT FROM is not.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) = NULL::int4                    AS eq,
       max(x) IS DISTINCT FROM 1              AS distinct_1,
       max(x) IS NOT DISTINCT FROM NULL::int4 AS same_null,
       max(x) <> 1                            AS ne,
       NOT (max(x) > 1)                       AS not_gt
FROM e
GROUP BY k;
