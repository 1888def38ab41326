-- A frame is of event time, and of no rows that are counted or left out.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k)
       k,
       sum(i) OVER (PARTITION BY k ORDER BY at ROWS 3 PRECEDING)                                       AS a,
       sum(i) OVER (PARTITION BY k ORDER BY at GROUPS 3 PRECEDING)                                     AS b,
       sum(i) OVER (PARTITION BY k ORDER BY at RANGE '1 day' PRECEDING EXCLUDE CURRENT ROW)            AS c,
       sum(i) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN '2 days' PRECEDING AND '1 day' PRECEDING) AS d,
       sum(i) OVER (PARTITION BY k ORDER BY at RANGE interval '1 month' PRECEDING)                     AS f,
       sum(i) OVER (PARTITION BY k ORDER BY at RANGE interval '-1 day' PRECEDING)                      AS g,
       sum(i) OVER (PARTITION BY k ORDER BY at RANGE '1 dai' PRECEDING)                                AS h
FROM e
WHERE at > now() - interval '30 days'
ORDER BY k, at DESC;
