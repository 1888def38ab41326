-- The partition is the entity, the order that of event time, and the row the latest.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k)
       k,
       sum(i) OVER ()                                                                   AS a,
       sum(i) OVER (PARTITION BY k, t ORDER BY at)                                      AS b,
       sum(i) OVER (PARTITION BY k ORDER BY at DESC)                                    AS c,
       sum(i) OVER (PARTITION BY k ORDER BY at, i)                                      AS d,
       sum(i) OVER (PARTITION BY k ORDER BY i RANGE 1 PRECEDING)                        AS f
FROM e
WHERE at > now() - interval '30 days'
ORDER BY k, at DESC;
CREATE MATERIALIZED VIEW u AS
SELECT DISTINCT ON (k) k, sum(i) OVER (PARTITION BY k ORDER BY at) AS a FROM e ORDER BY k, i DESC, at DESC;
CREATE MATERIALIZED VIEW w AS
SELECT DISTINCT ON (k) k, sum(i) OVER (PARTITION BY k ORDER BY at) AS a FROM e ORDER BY k, at;
