-- Flags kept as bits: counted by a mask in FILTER.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  flags int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE flags & 4 <> 0) AS third,
       bool_or(flags & 2 = 2) AS second,
       max(flags | 8) AS m
FROM e
GROUP BY k;
