-- In UNION ALL each source has its own key or none, and the two arms of one source are two events.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE paid (
  payer text,
  payee text,
  amount integer,
  id integer,
  at timestamptz,
  PRIMARY KEY (payer, payee, id, at)
) SERVER events OPTIONS (topic 'paid', format 'json', event_time 'at');

CREATE FOREIGN TABLE gift (
  payee text NOT NULL,
  amount integer,
  at timestamptz
) SERVER events OPTIONS (topic 'gift', format 'json', event_time 'at');

CREATE VIEW moved AS
SELECT payer AS account, -amount AS amount, at FROM paid WHERE amount > 0
UNION ALL
SELECT payee, amount, at FROM paid WHERE amount > 0
UNION ALL
SELECT payee, amount, at FROM gift;

CREATE MATERIALIZED VIEW v AS
SELECT account,
       count(*)                                   AS n,
       sum(amount)                                AS amount,
       count(*) FILTER (WHERE amount > 4)         AS large
FROM moved
WHERE amount <> 3
GROUP BY account;
