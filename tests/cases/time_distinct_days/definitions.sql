-- How many days had an event: date_trunc within an aggregate.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(DISTINCT date_trunc('day', at)) AS days,
       count(DISTINCT date(at)) AS dates,
       min(date(at)) AS since
FROM e
GROUP BY k;
