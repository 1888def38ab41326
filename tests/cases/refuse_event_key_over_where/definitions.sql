-- What WHERE drops may still be the latest event of an entity.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  id text, k text, x integer, at timestamptz, PRIMARY KEY (k, id, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k, sum(x) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN interval '7 days' PRECEDING AND CURRENT ROW) AS s
FROM e WHERE x > 0 AND at > now() - interval '30 days' ORDER BY k, at DESC;
