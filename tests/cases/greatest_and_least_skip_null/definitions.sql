-- greatest and least pass over NULL and are NULL of nothing else.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  y int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       greatest(max(x), max(y))    AS g,
       least(max(x), max(y))       AS l,
       greatest(max(x), max(y), 3) AS g3,
       least(max(x)::float8, 2.5)  AS lf
FROM e
GROUP BY k;
