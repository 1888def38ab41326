-- The reach of a window that begins at midnight is the longest that it can be.
-- reach of v: 1 day

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (id, k)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS x
FROM e
WHERE at >= date_trunc('day', now())
GROUP BY k;
