-- LEFT JOIN ... ON with the columns either way round.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE tx (
  acct text NOT NULL,
  amount float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'tx', format 'json', event_time 'at');

CREATE FOREIGN TABLE logins (
  acct text NOT NULL,
  place text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'logins', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW spend AS
SELECT acct,
       sum(amount) FILTER (WHERE at > now() - interval '1 hour') AS sum_1h,
       count(*)                                                  AS n
FROM tx
WHERE at > now() - interval '1 day'
GROUP BY acct;

CREATE MATERIALIZED VIEW access AS
SELECT acct, last(place, at) AS place, max(at) AS seen
FROM logins
GROUP BY acct;

CREATE FOREIGN TABLE payment (
  acct text, amount float8, scheduled timestamptz
) SERVER request;

CREATE VIEW score_v1 AS
SELECT p.amount, s.n, a.place
FROM payment p
LEFT JOIN spend s ON s.acct = p.acct
LEFT JOIN access AS a ON p.acct = a.acct;
