-- The latest row within WHERE: what is older, or is not let in, is no row.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k, x, at
FROM e
WHERE x > 0 AND at > now() - interval '1 hour' AND at <= now() - interval '1 minute'
ORDER BY k, at DESC;
