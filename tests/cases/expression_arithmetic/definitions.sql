-- Integer division, modulo, precedence, unary minus.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) / 3 AS d,
       max(x) % 3 AS m,
       -max(x) AS neg,
       -max(x) / 2 AS negdiv,
       2 + 3 * max(x) AS p,
       (2 + 3) * max(x) AS q,
       max(x) / 2.0 AS num,
       max(x) * 0.1::float8 AS fl,
       max(x) - count(*) AS mixed
FROM e
GROUP BY k;
