-- Months, days and time sum each by themselves and do not carry.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) AS total,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS hour
FROM e
GROUP BY k;
