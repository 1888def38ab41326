-- UNION ALL puts the events of two sources on one timeline, each at its own event time.

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
SELECT account, sum(amount) AS net, count(*) AS n, count(*) FILTER (WHERE at > now() - interval '1 day') AS day
FROM (SELECT account, amount, at FROM purchases
      UNION ALL
      SELECT who, -back, refunded_at FROM refunds) AS moves
GROUP BY account;
