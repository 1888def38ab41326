-- One feature under two names, and in an expression.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)                                             AS n,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS s_1h,
       last(x, at)                                          AS x
FROM e
WHERE at > now() - interval '1 day'
GROUP BY k;

CREATE FOREIGN TABLE ask (k text, amount numeric, since timestamptz) SERVER request;

CREATE VIEW s AS
SELECT v.n AS n,
       v.n AS again,
       v.n + v.n AS twice
FROM ask a
LEFT JOIN v USING (k);
