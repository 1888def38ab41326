-- What is summed may be any expression of the event; NULL in it is skipped.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  price numeric,
  quantity int4,
  f float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(price * quantity) AS value,
       sum(CASE WHEN quantity > 2 THEN 1 ELSE 0 END) AS bulk,
       sum(coalesce(quantity, 0)) AS items,
       sum(-f) AS minus,
       sum(1) AS ones
FROM e
GROUP BY k;
