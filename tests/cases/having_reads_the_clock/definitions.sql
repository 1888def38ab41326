-- HAVING may read now(): the row comes and goes without an event, at the very microsecond.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, last(x, at) AS l, now() - max(at) AS idle
FROM e
WHERE at > now() - interval '1 day'
GROUP BY k
HAVING now() - max(at) BETWEEN interval '1 hour' AND interval '2 hours';
