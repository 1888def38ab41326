-- A NaN makes the mean NaN, an infinity makes it infinite, both signs NaN; it ends with the window.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       avg(x) FILTER (WHERE at > now() - interval '1 hour') AS hour
FROM e
GROUP BY k;
