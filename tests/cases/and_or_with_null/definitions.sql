-- AND and OR follow three-valued logic.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  p bool,
  q bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       bool_or(p) AND bool_or(q) AS both,
       bool_or(p) OR bool_or(q)  AS either,
       NOT bool_or(p)            AS negated
FROM e
GROUP BY k;
