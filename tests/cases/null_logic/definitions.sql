-- Three-valued logic in features.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) IS NULL AS isnull,
       max(x) > 1 AS gt,
       (max(x) > 1 OR count(*) = 1) AS either,
       (max(x) > 1 AND count(*) = 2) AS both_,
       NOT (max(x) > 1) AS negated,
       (max(x) > 1) IS TRUE AS certainly,
       (max(x) > 1) IS NOT FALSE AS maybe,
       max(x) IS DISTINCT FROM min(x) AS differs,
       coalesce(max(x), -1) AS filled,
       nullif(max(x), 5) AS not_five
FROM e
GROUP BY k;
