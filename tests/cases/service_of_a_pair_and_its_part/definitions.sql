-- A view by (a, b) and a view by a, joined by the columns each has.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  a text NOT NULL,
  b int4 NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW pair AS
SELECT a, b,
       count(*) AS n
FROM e
GROUP BY a, b;

CREATE MATERIALIZED VIEW one AS
SELECT a,
       count(*) AS n
FROM e
GROUP BY a;

CREATE FOREIGN TABLE ask (a text, b int4) SERVER request;

CREATE VIEW s AS
SELECT p.n AS n_pair,
       o.n AS n_one,
       p.n::float8 / o.n AS share
FROM ask r
LEFT JOIN pair p ON p.a = r.a AND p.b = r.b
LEFT JOIN one o ON o.a = r.a;
