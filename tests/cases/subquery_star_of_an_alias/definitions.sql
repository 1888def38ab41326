-- alias.* of a subquery is every column of its FROM.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  n numeric,
  f float8,
  small smallint,
  s text,
  ok boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE VIEW known AS SELECT e.*, abs(e.x) AS size FROM e WHERE e.x IS NOT NULL;
CREATE MATERIALIZED VIEW v AS
SELECT k, sum(x) AS sum_x, max(size) AS most, max(half) AS half
FROM (SELECT q.*, q.f / 2 AS half FROM known q) AS t
GROUP BY k;
