-- A subquery may filter a UNION ALL, and be part of another.

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
SELECT account, count(*) AS n, sum(amount) AS s
FROM (SELECT account, amount, at FROM
        (SELECT account, amount, at FROM purchases UNION ALL SELECT who, back, refunded_at FROM refunds) AS m
      WHERE amount > 3
      UNION ALL
      SELECT account, 0, at FROM purchases) AS moves
GROUP BY account;
