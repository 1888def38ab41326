-- A FILTER with a condition on the event beside its bound.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE x > 3 AND at > now() - interval '1 hour') AS n,
       count(*) FILTER (WHERE at > now() - interval '1 hour' AND (x < 3 OR x > 10)) AS m,
       count(*) FILTER (WHERE x > 3) AS ever
FROM e
GROUP BY k;
