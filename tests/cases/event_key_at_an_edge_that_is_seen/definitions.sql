-- A bound that lets its own moment in looks a microsecond further back, so that no key is seen twice.
-- reach of v: 01:00:00.000001

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (id)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS x
FROM e
WHERE at >= now() - interval '1 hour'
GROUP BY k;
