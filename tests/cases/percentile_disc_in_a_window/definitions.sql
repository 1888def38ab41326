-- A value that is there: the first whose share of the values is at least the fraction.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       percentile_disc(0) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS p0,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS p50,
       percentile_disc(0.75) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS p75,
       percentile_disc(1) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS p100
FROM e
GROUP BY k;
