-- One that comes late and is earlier takes the place of the one that counted; V(T) before that one is as it was.
-- reach of v: 2 days

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (id)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS x, max(at) AS latest
FROM e
WHERE at > now() - interval '2 days'
GROUP BY k;
