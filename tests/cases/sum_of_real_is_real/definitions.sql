-- real sums to real; PostgreSQL adds in real, the exact sum is rounded to it once.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x real,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) AS total,
       avg(x) AS mean,
       min(x) AS least
FROM e
GROUP BY k;
