-- A view of events picks parts of a jsonb, and UNION ALL and CASE pass one on.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE FOREIGN TABLE f (
  k text NOT NULL,
  body text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'f', format 'json', event_time 'at');

CREATE VIEW items AS
SELECT k, CASE WHEN payload ? 'item' THEN payload->'item' ELSE payload END AS item, at FROM e
UNION ALL
SELECT k, body::jsonb, at FROM f;

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       sum((item->>'price')::numeric) AS price,
       last(item->>'name', at) AS name
FROM items
GROUP BY k;
