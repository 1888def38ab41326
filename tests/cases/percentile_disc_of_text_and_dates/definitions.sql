-- percentile_disc orders any type, text by bytes.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  t text,
  d date,
  b bool,
  u uuid,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY t) FILTER (WHERE at > now() - interval '2 days') AS t,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY d) FILTER (WHERE at > now() - interval '2 days') AS d,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY b) FILTER (WHERE at > now() - interval '2 days') AS b,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY u) FILTER (WHERE at > now() - interval '2 days') AS u
FROM e
GROUP BY k;
