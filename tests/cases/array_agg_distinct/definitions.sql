-- array_agg of distinct values: in the order of ORDER BY, without one ascending, one NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  n numeric,
  t text,
  b boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       (array_agg(DISTINCT x))[1:3] AS least,
       (array_agg(DISTINCT x ORDER BY x DESC))[1:2] AS greatest,
       (array_agg(DISTINCT x ORDER BY x DESC NULLS LAST))[1] AS greatest_known,
       (array_agg(DISTINCT t ORDER BY t NULLS FIRST))[1:10] AS texts,
       (array_agg(DISTINCT n ORDER BY n) FILTER (WHERE b IS NOT NULL))[2:4] AS numbers,
       (array_agg(DISTINCT b))[1:2] AS truths,
       (array_agg(DISTINCT x % 2 ORDER BY x % 2))[1:2] AS computed
FROM e
WHERE at > now() - interval '2 hours'
GROUP BY k;
