-- Values enter and leave; what left is gone exactly.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  f float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS x,
       sum(f) FILTER (WHERE at > now() - interval '1 hour') AS f
FROM e
GROUP BY k;
