-- Events from the first century to the far future in one entity.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       min(at) AS first_,
       max(at) AS last_,
       count(*) FILTER (WHERE at > now() - interval '36500 days') AS century
FROM e
GROUP BY k;
