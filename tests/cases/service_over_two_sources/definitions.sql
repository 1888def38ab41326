-- Each view has its own source, and its own entities that are there.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE FOREIGN TABLE f (
  k text NOT NULL,
  y text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'f', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       sum(x)   AS s
FROM e
GROUP BY k;

CREATE MATERIALIZED VIEW w AS
SELECT k,
       last(y, at)                                            AS y,
       count(*) FILTER (WHERE at > now() - interval '1 hour') AS n
FROM f
GROUP BY k;

CREATE FOREIGN TABLE ask (k text, amount numeric, since timestamptz) SERVER request;

CREATE VIEW s AS
SELECT v.n AS n_e,
       w.n AS n_f,
       w.y AS y,
       coalesce(v.n, 0) + coalesce(w.n, 0) AS n
FROM ask a
LEFT JOIN v USING (k)
LEFT JOIN w USING (k);
