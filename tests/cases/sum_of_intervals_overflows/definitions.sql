-- A sum of intervals whose days do not fit is an error of the feature; it ends when the window moves on.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS hour,
       count(x) AS n
FROM e
GROUP BY k;
