-- Percentiles of the events that FILTER lets in, by kind.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  kind text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE kind = 'a' AND at > now() - interval '2 days') AS a,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE kind = 'b' AND at > now() - interval '2 days') AS b
FROM e
GROUP BY k;
