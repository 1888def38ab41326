-- One view joined twice under different keys.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE tx (
  acct text NOT NULL,
  amount float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'tx', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW account AS
SELECT acct, sum(amount) AS total
FROM tx
GROUP BY acct;

CREATE FOREIGN TABLE transfer (payer text, payee text) SERVER request;

CREATE VIEW transfer_v1 AS
SELECT a.total AS payer_total, b.total AS payee_total, a.total - b.total AS difference
FROM transfer r
LEFT JOIN account a ON a.acct = r.payer
LEFT JOIN account b ON b.acct = r.payee;
