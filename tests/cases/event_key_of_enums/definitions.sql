-- Of events with equal keys the greater row counts, an enum compared by the order of its declaration.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE level AS ENUM ('low', 'mid', 'high');

CREATE FOREIGN TABLE e (
  k text,
  id integer,
  level level,
  x integer,
  at timestamptz,
  PRIMARY KEY (k, id, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, max(level) AS level, sum(x) AS x
FROM e
WHERE at > now() - interval '1 day'
GROUP BY k;
