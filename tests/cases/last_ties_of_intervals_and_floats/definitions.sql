-- At one time the greater value wins: the longer interval, NaN over infinity.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  v interval,
  f float8,
  d date,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(v, at) AS v,
       first(f, at) AS f,
       last(d, at) AS d
FROM e
GROUP BY k;
