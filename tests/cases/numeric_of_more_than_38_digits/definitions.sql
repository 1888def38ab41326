-- A numeric of a column has up to 1,000 digits, in all and after the point.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n numeric,
  p numeric(60, 20),
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(n) AS total,
       avg(n) AS mean,
       min(n) AS least,
       max(n) AS most,
       last(n, at) AS latest,
       first(p, n) AS by_n,
       count(DISTINCT n) AS different,
       variance(n) AS spread,
       stddev_pop(p) AS deviation,
       sum(DISTINCT n) AS sum_different,
       mode() WITHIN GROUP (ORDER BY n) AS common,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY n) AS middle,
       last(p, at)::text AS as_text,
       last(n, at)::float8 AS as_float,
       last(n, at) % 97 AS rest,
       round(last(n, at), -30) AS rounded,
       sqrt(abs(last(n, at))) AS root
FROM e
GROUP BY k;
