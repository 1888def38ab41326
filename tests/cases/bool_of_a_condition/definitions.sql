-- An expression of the event, NULL where what it reads is.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  kind text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       bool_and(x > 0) AS all_positive,
       bool_or(x > 100) AS any_large,
       every(kind = 'a' OR x < 5) FILTER (WHERE kind IS NOT NULL) AS known
FROM e
GROUP BY k;
