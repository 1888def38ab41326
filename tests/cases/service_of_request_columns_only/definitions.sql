-- A service may do with what the caller passes.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n
FROM e
GROUP BY k;

CREATE FOREIGN TABLE ask (k text, amount numeric, since timestamptz) SERVER request;

CREATE VIEW s AS
SELECT a.amount * 2 AS twice,
       a.since + interval '1 day' AS later,
       coalesce(a.k, 'none') AS who
FROM ask a;
