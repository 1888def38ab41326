-- Of an odd number of values the one in the middle, of an even number the middle of two.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  i int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       median(x) FILTER (WHERE at > now() - interval '2 days') AS x,
       median(i) FILTER (WHERE at > now() - interval '2 days') AS i,
       median(x) FILTER (WHERE at > now() - interval '1 hour') AS hour
FROM e
GROUP BY k;
