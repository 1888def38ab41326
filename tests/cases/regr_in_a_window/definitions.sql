-- The trend of the last hour.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  y float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       regr_slope(y, x) FILTER (WHERE at > now() - interval '1 hour') AS slope,
       regr_count(y, x) FILTER (WHERE at > now() - interval '1 hour') AS n,
       regr_avgx(y, x) FILTER (WHERE at > now() - interval '1 hour') AS mean_x,
       regr_avgy(y, x) FILTER (WHERE at > now() - interval '1 hour') AS mean_y
FROM e
GROUP BY k;
