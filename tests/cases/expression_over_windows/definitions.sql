-- Ratios of windows, as features are written.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '1 hour')::float8 / nullif(count(*) FILTER (WHERE at > now() - interval '2 hours'), 0) AS share,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') - sum(x) FILTER (WHERE at > now() - interval '2 hours') AS trend,
       coalesce(avg(x) FILTER (WHERE at > now() - interval '10 minutes'), avg(x)) AS recent
FROM e
GROUP BY k;
