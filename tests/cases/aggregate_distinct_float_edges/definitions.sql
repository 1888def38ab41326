-- DISTINCT by PostgreSQL's equality: every NaN is one value, and 0 equals -0.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  f float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(DISTINCT f) AS cf,
       count(DISTINCT f) FILTER (WHERE at > now() - interval '1 hour') AS cf_1h,
       avg(DISTINCT f) AS af,
       avg(DISTINCT f) FILTER (WHERE at > now() - interval '1 hour') AS af_1h
FROM e
GROUP BY k;
