-- Within 1/128 of the value at that rank; values leave as they do from any aggregate.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       approx_percentile(0.5, x) FILTER (WHERE at > now() - interval '1 hour') AS m,
       approx_percentile(0.5, x) AS ever,
       approx_percentile(1, x) FILTER (WHERE at > now() - interval '1 hour') AS most
FROM e
GROUP BY k;
