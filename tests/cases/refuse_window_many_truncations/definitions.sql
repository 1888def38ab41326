-- A bound has sixteen steps at most.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n
FROM e
WHERE at > date_trunc('day', date_trunc('hour', date_trunc('day', date_trunc('hour', date_trunc('day',
           date_trunc('hour', date_trunc('day', date_trunc('hour', date_trunc('day', date_trunc('hour',
           date_trunc('day', date_trunc('hour', date_trunc('day', date_trunc('hour', date_trunc('day',
           date_trunc('hour', date_trunc('day', now())))))))))))))))))
GROUP BY k;
