-- An average of a window with zeros for the rest is of no window.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, x integer, s text, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, avg(CASE WHEN at > now() - interval '1 day' THEN x ELSE 0 END) AS feature
FROM e
GROUP BY k;
