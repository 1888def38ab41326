-- WHERE is asked after: the repeat of a row that it drops stays a repeat.
-- reach of v: 1 day

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (id)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS x, count(*) FILTER (WHERE x > 5) AS big
FROM e
WHERE at > now() - interval '1 day' AND x > 0
GROUP BY k;
