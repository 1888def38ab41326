-- Without a window in WHERE the latest event may be of any age.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k, sum(i) OVER (PARTITION BY k ORDER BY at RANGE interval '7 days' PRECEDING) AS s
FROM e
ORDER BY k, at DESC;
