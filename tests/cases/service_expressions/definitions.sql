-- Request-time expressions over several views.

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
SELECT p.acct,
       p.amount / nullif(s.sum_1h, 0)        AS ratio,
       coalesce(s.n, 0)                      AS n,
       coalesce(a.place, 'unknown') = 'Paris' AS in_paris,
       extract(hour FROM p.scheduled)        AS hour,
       now() - a.seen                        AS since_login,
       s.sum_1h IS NULL AND a.place IS NULL  AS stranger
FROM payment p
LEFT JOIN spend s USING (acct)
LEFT JOIN access a USING (acct);
