-- Operators bind as in PostgreSQL: * before +, unary minus before *, comparison before NOT, AND before OR.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       1 + max(x) * 2 - 6 / 2                  AS a,
       -max(x) * 2                             AS b,
       NOT max(x) > 3 OR max(x) = 5            AS c,
       max(x) > 1 AND max(x) < 4 OR max(x) = 9 AS d,
       (1 + max(x)) * 2                        AS e
FROM e
GROUP BY k;
