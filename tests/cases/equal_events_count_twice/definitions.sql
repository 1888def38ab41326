-- Two events equal in all their columns are two events.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)          AS n,
       sum(x)            AS s,
       count(DISTINCT x) AS d,
       avg(x)            AS a
FROM e
GROUP BY k;
