-- Two bounds that begin with the same date_trunc have a known order, whatever now() is.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)                                                                      AS since_yesterday,
       count(*) FILTER (WHERE at >= date_trunc('day', now()))                        AS today,
       count(*) FILTER (WHERE at >= date_trunc('day', now()) - interval '2 hours')   AS since_22h,
       count(*) FILTER (WHERE at >= date_trunc('day', now()) - interval '2 days')    AS outlived
FROM e
WHERE at >= date_trunc('day', now()) - interval '1 day'
GROUP BY k;
