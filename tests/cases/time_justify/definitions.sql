-- justify_days, justify_hours and justify_interval: 30 days to a month, 24 hours to a day, one sign.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  iv interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       justify_days(last(iv, at)) AS d,
       justify_hours(last(iv, at)) AS h,
       justify_interval(last(iv, at)) AS i
FROM e
GROUP BY k;
