-- bool_and, bool_or and every: NULLs are skipped, none gives NULL; windowed, lifetime and with a
-- condition of the event.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  b bool,
  n int,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       bool_and(b) AS all_b,
       bool_and(b) FILTER (WHERE at > now() - interval '1 hour') AS all_b_1h,
       bool_or(b) AS any_b,
       bool_or(b) FILTER (WHERE at > now() - interval '1 hour') AS any_b_1h,
       every(b) AS every_b,
       every(b) FILTER (WHERE at > now() - interval '1 hour') AS every_b_1h,
       bool_or(n > 3) FILTER (WHERE at > now() - interval '1 hour') AS big,
       bool_and(n > 3) FILTER (WHERE b AND at > now() - interval '1 hour') AS big_and_b
FROM e
GROUP BY k;
