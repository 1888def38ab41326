-- now() in a service is the question's time, which may differ from any request column.

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
SELECT now() AS t,
       now() - a.since AS waited,
       extract(epoch FROM now() - a.since) > 3600 AS is_long
FROM ask a
LEFT JOIN v USING (k);
