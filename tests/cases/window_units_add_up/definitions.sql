-- An interval of several units is their sum.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '1 day 2 hours 3 minutes 4.5 seconds') AS n,
       count(*) FILTER (WHERE at > now() - (interval '1 day' + interval '2 hours')) AS m
FROM e
GROUP BY k;
