-- 80 events in event-time order; the next two cases are the same events.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '10 minutes') AS n,
       sum(x) FILTER (WHERE at > now() - interval '10 minutes') AS s,
       avg(x) FILTER (WHERE at > now() - interval '30 minutes') AS a,
       min(x) FILTER (WHERE at > now() - interval '5 minutes') AS mi,
       max(x) FILTER (WHERE at > now() - interval '5 minutes') AS ma,
       last(x, at) AS l
FROM e
GROUP BY k;
