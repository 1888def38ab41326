-- The same key counts again when its last event is exactly the view's reach ago, and not a microsecond sooner.
-- reach of v: 1 hour

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (id)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS x, count(*) FILTER (WHERE at > now() - interval '5 minutes') AS n_5m
FROM e
WHERE at > now() - interval '1 hour'
GROUP BY k;
