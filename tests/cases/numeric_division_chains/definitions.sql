-- Each quotient has at least 16 significant digits, and never fewer after the point than its operands.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a numeric,
  b numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(a / b, at) AS one,
       last(a / b / b / b, at) AS more,
       sum(a / b) AS total,
       sum((a / b) * (b / 7) * (a / 3)) AS product,
       avg(a / b / 3) AS mean,
       sum(a) / sum(b) / count(*) / 3 AS around,
       max(a / b * 1e-30) AS small,
       min(a * a * a * a * a) AS power
FROM e
GROUP BY k;
