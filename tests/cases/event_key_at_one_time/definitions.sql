-- At one time the greater row counts, column by column, NULL least and an enum by its declaration.
-- reach of v: 1 day

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE level AS ENUM ('low', 'mid', 'high');

CREATE FOREIGN TABLE e (
  id bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  k text,
  level level,
  x integer,
  f float8,
  d date,
  tags text[]
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, max(level) AS level, sum(x) AS x, max(f) AS f, max(d) AS d, max(tags) AS tags
FROM e
WHERE at > now() - interval '1 day'
GROUP BY k;
