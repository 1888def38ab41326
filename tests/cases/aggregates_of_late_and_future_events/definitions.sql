-- Late events count as soon as they are there, future ones when T comes to them.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) AS s,
       max(x) AS m,
       last(x, at) AS l,
       median(x) FILTER (WHERE at > now() - interval '2 days') AS mid,
       count(DISTINCT x) FILTER (WHERE at > now() - interval '2 days') AS d
FROM e
GROUP BY k;
