-- NOT BETWEEN of a column may stand beside a window.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE x NOT BETWEEN 2 AND 3) AS s,
       sum(x) FILTER (WHERE x NOT BETWEEN 2 AND 3 AND at > now() - interval '45 minutes') AS s_45m
FROM e
GROUP BY k;
