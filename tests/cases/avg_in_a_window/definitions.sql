-- The mean of the last hour beside that of all time.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       avg(x) FILTER (WHERE at > now() - interval '1 hour') AS hour,
       avg(x) AS ever
FROM e
GROUP BY k;
