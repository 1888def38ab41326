-- What is left of months goes to days, of days to hours, as interval division does.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       avg(x) AS mean,
       avg(x) FILTER (WHERE at > now() - interval '1 hour') AS hour
FROM e
GROUP BY k;
