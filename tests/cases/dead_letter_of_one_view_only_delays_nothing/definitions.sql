-- What is rejected leaves no trace: the events before and after it count.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4 NOT NULL CHECK (x >= 0),
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)    AS n,
       sum(x)      AS x,
       last(x, at) AS l
FROM e
GROUP BY k;
