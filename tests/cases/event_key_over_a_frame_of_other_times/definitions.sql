-- A repeat of another time is not the newest event that a frame ends at.
-- reach of v: 10 days

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (id)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k,
       sum(x) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN interval '1 day' PRECEDING AND CURRENT ROW) AS s
FROM e
WHERE x > 0 AND at > now() - interval '10 days'
ORDER BY k, at DESC;
