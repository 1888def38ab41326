-- A FILTER window inside, and one longer than, the retention.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '1 hour') AS inside,
       count(*) FILTER (WHERE at > now() - interval '5 hours') AS longer,
       count(*) AS n
FROM e
WHERE at > now() - interval '2 hours'
GROUP BY k;
