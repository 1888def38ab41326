-- A NaN or an infinity makes a variance NaN, as long as it is in the window.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  f float8,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       var_pop(f) FILTER (WHERE at > now() - interval '1 hour') AS f,
       var_samp(n) FILTER (WHERE at > now() - interval '1 hour') AS n
FROM e
GROUP BY k;
