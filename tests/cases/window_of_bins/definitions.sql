-- date_bin of now() is a bound that moves once a stride, from any origin, before it as behind it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at >= date_bin('15 minutes', now(), timestamptz '2001-01-01'))              AS quarter,
       count(*) FILTER (WHERE at > date_bin(interval '7 hours', now(), '2024-01-01 05:00+00'))            AS shift,
       count(*) FILTER (WHERE at >= date_bin('1 day', now() - interval '1 day', '2030-01-01 06:00:00.000001Z')) AS odd,
       count(*) FILTER (WHERE at < date_bin('36 hours', CURRENT_DATE, '2000-01-01Z') - interval '1 hour') AS before,
       count(*) FILTER (WHERE at >= date_bin('6 hours', now(), '2000-01-01Z')
                          AND at < date_bin('6 hours', now(), '2000-01-01Z') + interval '3 hours')        AS half,
       date_bin('15 minutes', max(at), '2001-01-01')                                                      AS bin
FROM e
GROUP BY k;
