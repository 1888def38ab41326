-- A condition and a window in one FILTER; the same values with other windows beside.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  kind text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) FILTER (WHERE kind = 'refund') AS refunds,
       sum(x) FILTER (WHERE kind = 'refund' AND at > now() - interval '1 hour') AS refunds_1h,
       sum(x) FILTER (WHERE kind <> 'refund' AND at > now() - interval '1 hour') AS sales_1h,
       sum(x) AS total
FROM e
GROUP BY k;
