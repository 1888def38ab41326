-- A chain of UNION ALL is one timeline; types meet from left to right.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE purchases (
  account text,
  amount numeric,
  shop integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'purchases', format 'json', event_time 'at');

CREATE FOREIGN TABLE refunds (
  id bigint,
  who text NOT NULL,
  back integer,
  refunded_at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'refunds', format 'json', event_time 'refunded_at');

CREATE FOREIGN TABLE gifts (
  whom text,
  worth float8,
  given timestamptz NOT NULL
) SERVER events OPTIONS (topic 'gifts', format 'json', event_time 'given');

CREATE MATERIALIZED VIEW v AS
SELECT account, count(*) AS n, max(amount) AS m
FROM (SELECT account, shop AS amount, at FROM purchases
      UNION ALL SELECT who, id, refunded_at FROM refunds
      UNION ALL SELECT whom, worth, given FROM gifts) AS moves
GROUP BY account;
