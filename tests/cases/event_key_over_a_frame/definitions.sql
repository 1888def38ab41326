-- A frame ends at the newest event that counts, and WHERE is asked of those only.
-- reach of v: 10 days

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (k, id, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k,
       sum(x) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN interval '1 day' PRECEDING AND CURRENT ROW) AS s,
       count(*) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN interval '1 day' PRECEDING AND CURRENT ROW) AS n
FROM e
WHERE x > 0 AND at > now() - interval '10 days'
ORDER BY k, at DESC;
