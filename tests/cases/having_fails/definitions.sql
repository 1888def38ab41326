-- An error within HAVING: every feature of the row is an error, so NULL, for as long as it lasts.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS s, now() - max(at) AS idle, 10 / nullif(sum(x), 0) AS ratio
FROM e
GROUP BY k
HAVING 10 / sum(x) > 1;
