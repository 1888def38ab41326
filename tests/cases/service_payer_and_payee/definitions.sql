-- One view for two keys of the request: who pays and who is paid.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW account AS
SELECT k,
       count(*) AS n,
       sum(x)   AS s
FROM e
GROUP BY k;

CREATE FOREIGN TABLE ask (payer text, payee text) SERVER request;

CREATE VIEW s AS
SELECT p.s AS paid,
       q.s AS got,
       p.n > q.n AS busier,
       coalesce(p.s, 0) - coalesce(q.s, 0) AS apart
FROM ask r
LEFT JOIN account p ON p.k = r.payer
LEFT JOIN account q ON q.k = r.payee;
