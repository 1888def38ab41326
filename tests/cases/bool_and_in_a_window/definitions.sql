-- Whether all, and whether any, in the last hour; of nothing NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       bool_and(ok) FILTER (WHERE at > now() - interval '1 hour') AS all_ok,
       bool_or(ok) FILTER (WHERE at > now() - interval '1 hour') AS any_ok,
       every(ok) FILTER (WHERE at > now() - interval '1 hour') AS every_ok
FROM e
GROUP BY k;
