-- USING and ON in one service, views of one and of two key columns, one view twice, and defaults for who is not there.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW account AS SELECT k, count(*) AS n, sum(i) AS s FROM e GROUP BY k;
CREATE MATERIALIZED VIEW pair AS SELECT k, t, count(*) AS n, max(i) AS most FROM e GROUP BY k, t;

CREATE FOREIGN TABLE ask (k text, t text, other text) SERVER request;

CREATE VIEW s AS
SELECT r.k,
       x.n                                                       AS times,
       coalesce(y.most, 0)                                       AS most,
       COALESCE(a.s, 0) + coalesce(b.s, 0)                       AS both,
       a.n > b.n                                                 AS busier,
       round(x.n::numeric / NULLIF(a.n, 0), 3)                   AS share,
       CASE WHEN b.n IS NULL THEN 'unknown' ELSE b.k END         AS who,
       greatest(a.n, b.n, x.n, y.n)                              AS most_of_all,
       now() - interval '1 hour' < now()                         AS soon
FROM ask r
LEFT JOIN pair x USING (k, t)
LEFT JOIN account a USING (k)
LEFT OUTER JOIN account AS b ON (r.other = b.k)
LEFT JOIN pair y ON y.t = coalesce(r.t, 'x') AND y.k = lower(r.other);
