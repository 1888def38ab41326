-- The mean of no values is NULL, also when the window has emptied.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  f float8,
  v interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       avg(x) FILTER (WHERE at > now() - interval '1 hour') AS x,
       avg(f) FILTER (WHERE at > now() - interval '1 hour') AS f,
       avg(v) FILTER (WHERE at > now() - interval '1 hour') AS v
FROM e
GROUP BY k;
