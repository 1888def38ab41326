-- NaN and the infinities of numeric, in columns, results, comparisons and casts.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a numeric,
  b numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(a, at) + last(b, at) AS plus,
       last(a, at) - last(b, at) AS minus,
       last(a, at) * last(b, at) AS times,
       last(a, at) / last(b, at) AS over,
       last(a, at) % last(b, at) AS rest,
       last(a, at) < last(b, at) AS less,
       last(a, at) = last(b, at) AS same,
       greatest(last(a, at), last(b, at)) AS most,
       min(a) AS low,
       max(a) AS high,
       sum(b) AS total,
       variance(b) AS spread,
       count(DISTINCT a) AS different,
       last(a, at)::float8 AS as_float,
       last(a, at)::text AS as_text,
       round(last(a, at), 2) AS rounded,
       last(a, at)::integer AS as_integer,
       last(a, at)::numeric(10, 2) AS held,
       sign(last(a, at)) AS sign,
       floor(last(a, at)) AS floor
FROM e
GROUP BY k;
