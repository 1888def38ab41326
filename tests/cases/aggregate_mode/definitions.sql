-- mode: the most frequent value, the least of those that tie; NULLs skipped.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n int,
  s text,
  b bool,
  f float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       mode() WITHIN GROUP (ORDER BY n) AS mn,
       mode() WITHIN GROUP (ORDER BY n) FILTER (WHERE at > now() - interval '1 hour') AS mn_1h,
       mode() WITHIN GROUP (ORDER BY s) AS ms,
       mode() WITHIN GROUP (ORDER BY s) FILTER (WHERE at > now() - interval '1 hour') AS ms_1h,
       mode() WITHIN GROUP (ORDER BY b) AS mb,
       mode() WITHIN GROUP (ORDER BY b) FILTER (WHERE at > now() - interval '1 hour') AS mb_1h,
       mode() WITHIN GROUP (ORDER BY f) AS mf,
       mode() WITHIN GROUP (ORDER BY f) FILTER (WHERE at > now() - interval '1 hour') AS mf_1h,
       mode() WITHIN GROUP (ORDER BY n) FILTER (WHERE n > 3 AND at > now() - interval '1 hour') AS big
FROM e
GROUP BY k;
