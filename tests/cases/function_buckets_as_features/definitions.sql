-- A histogram of three buckets, one feature for each.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE width_bucket(x, 0, 12, 3) = 1) AS b1,
       count(*) FILTER (WHERE width_bucket(x, 0, 12, 3) = 2) AS b2,
       count(*) FILTER (WHERE width_bucket(x, 0, 12, 3) = 3) AS b3
FROM e
GROUP BY k;
