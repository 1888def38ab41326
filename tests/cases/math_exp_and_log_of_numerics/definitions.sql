-- exp and logarithms of a numeric are numerics, with as many digits as PostgreSQL gives them.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       exp(last(x, at)) AS e,
       ln(last(x, at)) AS l,
       log(last(x, at)) AS d,
       log10(last(x, at)) AS d10,
       log(2.0, last(x, at)) AS two,
       log(last(x, at), 10) AS other,
       exp(ln(last(x, at))) AS back,
       exp(-last(x, at)) AS inverse
FROM e
GROUP BY k;
