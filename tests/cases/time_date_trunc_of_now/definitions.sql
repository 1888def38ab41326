-- date_trunc of now() is computed at the moment of the read.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       date_trunc('day', now()) AS today,
       now() - date_trunc('hour', now()) AS into_the_hour,
       date_trunc('day', now()) - date_trunc('day', max(at)) AS days_idle
FROM e
GROUP BY k;
