-- A constant is a value of every event.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(2) AS twos,
       count('x') AS n,
       max(1.50) AS same,
       avg(3) FILTER (WHERE at > now() - interval '1 hour') AS three,
       first(7, at) AS seven,
       bool_and(true) AS yes
FROM e
GROUP BY k;
