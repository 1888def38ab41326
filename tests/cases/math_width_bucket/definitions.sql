-- Equal buckets of a span; 0 and n + 1 outside; either way round.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  n numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       width_bucket(last(x, at), 0, 10, 4) AS f,
       width_bucket(last(n, at), 0, 10, 4) AS n,
       width_bucket(last(x, at), 10, 0, 4) AS back,
       width_bucket(last(x, at), 1, 1, 4) AS empty,
       width_bucket(last(x, at), 0, 10, 0) AS none
FROM e
GROUP BY k;
