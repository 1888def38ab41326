-- A window that every SELECT of UNION ALL has is the window of the view.

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
SELECT account, count(*) AS n
FROM (SELECT account, at FROM purchases WHERE at > now() - interval '1 day'
      UNION ALL
      SELECT who, refunded_at FROM refunds WHERE refunded_at > now() - interval '24 hours') AS moves
GROUP BY account;
