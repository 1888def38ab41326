-- Exponentials and logarithms of float8; of zero and negative numbers errors.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       exp(last(x, at)) AS e,
       ln(last(x, at)) AS l,
       log(last(x, at)) AS d,
       log10(last(x, at)) AS d10
FROM e
GROUP BY k;
