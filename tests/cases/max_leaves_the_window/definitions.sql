-- When the greatest value leaves the window, the next greatest is there.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) FILTER (WHERE at > now() - interval '1 hour') AS most,
       min(x) FILTER (WHERE at > now() - interval '1 hour') AS least,
       max(x) AS ever
FROM e
GROUP BY k;
