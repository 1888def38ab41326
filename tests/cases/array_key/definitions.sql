-- An array may be a key: NULL elements are as good as any, and a NULL array belongs to no entity.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a integer[],
  s text[],
  n numeric[],
  x integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT a, n[1:1] AS head, count(*) AS c, max(x) AS most
FROM e
GROUP BY a, n[1:1];
