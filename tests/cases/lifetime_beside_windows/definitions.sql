-- Lifetime and windowed aggregates in one view.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS ever,
       count(*) FILTER (WHERE at > now() - interval '1 hour') AS h,
       sum(x) AS total,
       sum(x) FILTER (WHERE at > now() - interval '1 day') AS d
FROM e
GROUP BY k;
