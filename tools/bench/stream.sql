-- What tools/bench/stream has the worker keep: eight windowed aggregates of each card's payments.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:19092');

CREATE FOREIGN TABLE payments (
  payment     bigint NOT NULL,
  card        text NOT NULL,
  amount      float8 NOT NULL CHECK (amount >= 0),
  currency    text,
  merchant    text,
  category    text,
  country     text,
  channel     text,
  is_declined boolean,
  latency_ms  int4,
  paid_at     timestamptz NOT NULL,
  trace       text
) SERVER events OPTIONS (topic 'payments', format 'json', event_time 'paid_at');

CREATE MATERIALIZED VIEW cards AS
SELECT card,
       count(*)    FILTER (WHERE paid_at > now() - interval '1 hour') AS payments_1h,
       sum(amount) FILTER (WHERE paid_at > now() - interval '1 hour') AS amount_1h,
       min(amount) FILTER (WHERE paid_at > now() - interval '1 hour') AS least_1h,
       max(amount) FILTER (WHERE paid_at > now() - interval '1 hour') AS most_1h,
       count(*)                                                       AS payments_24h,
       sum(amount)                                                    AS amount_24h,
       min(amount)                                                    AS least_24h,
       max(amount)                                                    AS most_24h
FROM payments
WHERE paid_at > now() - interval '24 hours'
GROUP BY card;

CREATE FOREIGN TABLE purchase (card text) SERVER request;

CREATE VIEW fraud_v1 AS
SELECT p.card, c.payments_1h, c.amount_1h, c.least_1h, c.most_1h,
       c.payments_24h, c.amount_24h, c.least_24h, c.most_24h
FROM purchase p
LEFT JOIN cards c USING (card);
