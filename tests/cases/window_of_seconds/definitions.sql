-- Seconds and fractions of a second bound a window as any other unit.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at > now() - interval '10 seconds')    AS s_10s,
       sum(x) FILTER (WHERE at > now() - interval '0.5 seconds')   AS s_half,
       sum(x) FILTER (WHERE at > now() - interval '1 millisecond') AS s_1ms
FROM e
GROUP BY k;
