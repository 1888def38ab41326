-- One source may be in two SELECTs of UNION ALL: an event then counts for both of its entities, or
-- twice for one.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE tx (
  payer text,
  payee text,
  amount integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'tx', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT account, sum(amount) AS balance, count(*) AS n, last(amount, at) AS latest
FROM (SELECT payer AS account, -amount AS amount, at FROM tx
      UNION ALL
      SELECT payee, amount, at FROM tx) AS entries
GROUP BY account;
