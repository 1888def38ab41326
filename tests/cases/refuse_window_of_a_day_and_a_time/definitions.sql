-- The day of an event is compared with a day, to which whole days are added.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at::date >= now() - interval '7 days')         AS a,
       count(*) FILTER (WHERE at::date > CURRENT_DATE - interval '36 hours') AS b,
       count(*) FILTER (WHERE at > CURRENT_DATE - 1.5)                       AS c,
       count(*) FILTER (WHERE at > now() - 7)                                AS d,
       count(*) FILTER (WHERE at::date > CURRENT_DATE - NULL::integer)       AS f,
       count(*) FILTER (WHERE at > CURRENT_DATE - 2147483647)                AS g
FROM e
GROUP BY k;
