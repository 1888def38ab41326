-- An entity key may be expressions over the event's columns; the select list, a feature and HAVING
-- may use them as they are written in GROUP BY, or in larger expressions.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text,
  x integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT coalesce(k, '?') AS who,
       x % 3 AS rest,
       count(*) AS n,
       sum(x) AS s,
       CASE WHEN coalesce(k, '?') = '?' THEN -1 ELSE (x % 3) * 10 END AS tens
FROM e
WHERE at > now() - interval '1 day'
GROUP BY coalesce(k, '?'), x % 3
HAVING x % 3 + count(*) > 1;
