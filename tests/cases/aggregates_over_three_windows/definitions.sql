-- One aggregate over an hour, a day and for ever: three features of one state.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS sum_1h,
       sum(x) FILTER (WHERE at > now() - interval '1 day') AS sum_1d,
       sum(x)  AS sum_ever,
       max(x) FILTER (WHERE at > now() - interval '1 hour') AS max_1h,
       max(x) FILTER (WHERE at > now() - interval '1 day') AS max_1d,
       max(x)  AS max_ever
FROM e
GROUP BY k;
