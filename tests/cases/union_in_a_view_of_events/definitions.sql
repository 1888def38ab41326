-- A view of events may be a UNION ALL, and several feature views read it.
-- of: model

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

CREATE VIEW moves AS
SELECT account, amount, at, true AS is_purchase FROM purchases
UNION ALL
SELECT who, back, refunded_at, false FROM refunds;

CREATE MATERIALIZED VIEW net AS
SELECT account, sum(CASE WHEN is_purchase THEN amount ELSE -amount END) AS net FROM moves GROUP BY account;
CREATE MATERIALIZED VIEW latest AS
SELECT DISTINCT ON (account) account, amount AS last_amount, is_purchase FROM moves ORDER BY account, at DESC, amount DESC;
CREATE FOREIGN TABLE request (account text) SERVER request;
CREATE VIEW model AS
SELECT r.account, n.net, l.last_amount, l.is_purchase
FROM request r LEFT JOIN net n USING (account) LEFT JOIN latest l USING (account);
