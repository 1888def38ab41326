-- HAVING over a window: the entity has a row while the condition is true.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)                                             AS n,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS s_1h
FROM e
GROUP BY k
HAVING sum(x) FILTER (WHERE at > now() - interval '1 hour') > 2;
