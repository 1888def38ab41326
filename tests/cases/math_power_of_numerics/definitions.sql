-- power and ^ of numerics: whole powers are multiplied out, of zero, NaN and the infinities POSIX decides.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  y numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       power(last(x, at), last(y, at)) AS p,
       pow(last(x, at), 2) AS q,
       last(x, at) ^ last(y, at) AS op,
       last(x, at) ^ (-3) AS cube,
       last(x, at) ^ 0.5 AS root
FROM e
GROUP BY k;
