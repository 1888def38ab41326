-- A sum beyond float8 is an error of that feature while both are in the window.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS hour,
       max(x) FILTER (WHERE at > now() - interval '1 hour') AS most
FROM e
GROUP BY k;
