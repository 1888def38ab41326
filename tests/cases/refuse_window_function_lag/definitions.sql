-- The value before the latest is in a list of two.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, x integer, s text, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, x - lag(x) OVER (PARTITION BY k ORDER BY at) AS feature
FROM e
GROUP BY k;
