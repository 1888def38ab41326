-- The extremes of each whole number type.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s smallint,
  i int4,
  l int8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       min(s) AS min_s,
       max(s) AS max_s,
       min(i) AS min_i,
       max(i) AS max_i,
       min(l) AS min_l,
       max(l) AS max_l
FROM e
GROUP BY k;
