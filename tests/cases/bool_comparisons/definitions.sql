-- false is before true.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  p bool,
  q bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       bool_and(p) < bool_or(q)          AS less,
       bool_or(p) = bool_or(q)           AS same,
       bool_or(p) <> true                AS not_true,
       bool_or(p) IS TRUE                AS is_true,
       (bool_or(p) AND bool_or(q))::text AS said
FROM e
GROUP BY k;
