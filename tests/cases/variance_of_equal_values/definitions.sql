-- Equal values vary by 0, whatever they are.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  n numeric,
  i int8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       variance(x) AS x,
       stddev(n) AS n,
       var_pop(i) AS i
FROM e
GROUP BY k;
