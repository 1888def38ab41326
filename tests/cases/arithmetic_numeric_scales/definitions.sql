-- The scale of a product is the sum of the scales, that of a quotient PostgreSQL's own rule.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) * 1.50   AS p,
       max(x) / 3      AS q,
       max(x) + 0.001  AS s,
       max(x) - max(x) AS z,
       max(x) % 0.7    AS m,
       -max(x)         AS n
FROM e
GROUP BY k;
