-- sign, scale and trim_scale of a numeric.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sign(last(n, at)) AS s,
       scale(last(n, at)) AS sc,
       trim_scale(last(n, at)) AS t,
       abs(last(n, at)) AS a
FROM e
GROUP BY k;
