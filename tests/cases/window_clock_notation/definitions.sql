-- An interval may be written as hours:minutes:seconds.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '01:30:00') AS n_90m,
       count(*) FILTER (WHERE at > now() - interval '00:00:01') AS n_1s
FROM e
GROUP BY k;
