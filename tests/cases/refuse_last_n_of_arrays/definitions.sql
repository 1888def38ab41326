-- An array has one dimension, so last_n takes no arrays.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, x integer, s text, a integer[], b bigint[], at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, last_n(a, at, 3) AS feature
FROM e
GROUP BY k;
