-- The first value of a window moves on as events leave it; the last stays until it leaves.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       first(x, at) FILTER (WHERE at > now() - interval '1 hour') AS f,
       last(x, at) FILTER (WHERE at > now() - interval '1 hour') AS l,
       first(x, at) AS ever
FROM e
GROUP BY k;
