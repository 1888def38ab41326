-- HAVING: an entity of which it is not true, or NULL, has no row. It may read aggregates that are no
-- features, over windows of their own, and the key.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS s
FROM e
WHERE at > now() - interval '3 days'
GROUP BY k
HAVING count(*) FILTER (WHERE at > now() - interval '1 day') >= 2 AND max(x) > 0 AND k <> 'hidden';
