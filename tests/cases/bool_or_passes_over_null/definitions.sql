-- NULL is neither: true and NULL are all true, NULL alone is NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       bool_and(ok) AS all_ok,
       bool_or(ok) AS any_ok,
       count(ok) AS n
FROM e
GROUP BY k;
