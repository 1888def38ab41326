-- A bin has a constant stride of days and smaller units, and a constant origin.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > date_bin('1 month', now(), '2001-01-01'))                  AS a,
       count(*) FILTER (WHERE at > date_bin('0 days', now(), '2001-01-01'))                   AS b,
       count(*) FILTER (WHERE at > date_bin('1 day', now(), 'infinity'))                      AS c,
       count(*) FILTER (WHERE at > date_bin('1 day', now(), now()))                           AS d,
       count(*) FILTER (WHERE at > date_bin(NULL, now(), '2001-01-01'))                       AS f,
       count(*) FILTER (WHERE at > date_bin('1 hour', now(), '2001-01-01')
                          AND at > date_bin('50 minutes', now(), '2001-01-01'))               AS g
FROM e
GROUP BY k;
