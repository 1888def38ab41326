-- Views of one source with other keys, conditions and windows.
-- of: by_j

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  j text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW by_k AS
SELECT k, sum(x) AS s FROM e WHERE x > 0 GROUP BY k;

CREATE MATERIALIZED VIEW by_j AS
SELECT j, sum(x) FILTER (WHERE at > now() - interval '1 hour') AS s, count(*) AS n FROM e GROUP BY j;
