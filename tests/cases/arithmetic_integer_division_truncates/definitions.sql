-- Integer division cuts towards zero, and % has the sign of the dividend.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) / 3  AS q,
       max(x) % 3  AS r,
       max(x) / -3 AS q_neg,
       max(x) % -3 AS r_neg
FROM e
GROUP BY k;
