-- An output that reads a feature that failed is an error, whatever coalesce, CASE or least would make
-- of a NULL: PostgreSQL computes the joined row first.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       10 / max(x) AS ratio,
       count(*)    AS n
FROM e
GROUP BY k;

CREATE FOREIGN TABLE ask (
  k text, wants boolean
) SERVER request;

CREATE VIEW score AS
SELECT coalesce(v.ratio, 7)                       AS filled,
       CASE WHEN a.wants THEN v.ratio ELSE 0 END  AS chosen,
       least(v.ratio, v.n)                        AS less,
       v.ratio IS NULL                            AS missing,
       v.n                                        AS n
FROM ask a
LEFT JOIN v USING (k);
