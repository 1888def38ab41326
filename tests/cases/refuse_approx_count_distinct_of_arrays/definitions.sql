-- Equal arrays may be printed in several ways, so they are not hashed by what is printed.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, x integer, s text, a integer[], b bigint[], at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, approx_count_distinct(a) AS feature
FROM e
GROUP BY k;
