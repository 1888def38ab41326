-- date_trunc('week') begins on Monday.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE at >= date_trunc('week', now())) AS this_week,
       sum(x) FILTER (WHERE at >= date_trunc('week', now()) - interval '7 days' AND at < date_trunc('week', now())) AS last_week
FROM e
GROUP BY k;
