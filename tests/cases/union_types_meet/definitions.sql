-- The columns of UNION ALL get their common type, as PostgreSQL finds it; literals take it.

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

CREATE MATERIALIZED VIEW v AS
SELECT account, max(a) AS a, sum(b) AS b, max(c) AS c, min(d) AS d
FROM (SELECT account, shop AS a, 1.5 AS b, 'buy' AS c, NULL AS d, at FROM purchases
      UNION ALL
      SELECT who, id, back, NULL, '2024-02-03', refunded_at FROM refunds) AS moves
GROUP BY account;
