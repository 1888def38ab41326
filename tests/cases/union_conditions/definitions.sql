-- Each SELECT of UNION ALL has its own WHERE; the one around them is of all.

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
FROM (SELECT account, amount, at FROM purchases WHERE shop = 1
      UNION ALL
      SELECT who, back, refunded_at FROM refunds WHERE back > 1) AS moves
WHERE at > now() - interval '1 day' AND amount < 9
GROUP BY account;
