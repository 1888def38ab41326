-- The deviation of the last hour: values leave it exactly.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  i int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       stddev(x) FILTER (WHERE at > now() - interval '1 hour') AS x,
       stddev_pop(i) FILTER (WHERE at > now() - interval '1 hour') AS i
FROM e
GROUP BY k;
