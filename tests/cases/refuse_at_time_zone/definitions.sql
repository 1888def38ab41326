-- There is no timestamp without time zone, and no zone but UTC.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, x integer, s text, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, max(at) AT TIME ZONE 'Europe/Berlin' AS feature
FROM e
GROUP BY k;
