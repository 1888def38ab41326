-- The event at exactly one hour ago is out with >, in with >=.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '1 hour') AS gt,
       count(*) FILTER (WHERE at >= now() - interval '1 hour') AS ge,
       count(x) FILTER (WHERE at > now() - interval '1 hour') AS known
FROM e
GROUP BY k;
