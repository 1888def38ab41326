-- An error within a function is that of the feature; CASE keeps from it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       round(sqrt(last(x, at))::numeric, 1) AS r,
       CASE WHEN last(x, at) > 0 THEN ln(last(x, at)) ELSE 0 END AS safe,
       coalesce(nullif(last(x, at), 0), ln(last(x, at))) AS lazy
FROM e
GROUP BY k;
