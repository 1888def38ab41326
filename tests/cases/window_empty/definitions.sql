-- An empty window: count 0, the others NULL, while the entity still has a row.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '1 minute') AS n,
       count(x) FILTER (WHERE at > now() - interval '1 minute') AS c,
       sum(x) FILTER (WHERE at > now() - interval '1 minute') AS s,
       avg(x) FILTER (WHERE at > now() - interval '1 minute') AS a,
       min(x) FILTER (WHERE at > now() - interval '1 minute') AS mi,
       max(x) FILTER (WHERE at > now() - interval '1 minute') AS ma,
       first(x, at) FILTER (WHERE at > now() - interval '1 minute') AS f,
       last(x, at) FILTER (WHERE at > now() - interval '1 minute') AS l
FROM e
GROUP BY k;
