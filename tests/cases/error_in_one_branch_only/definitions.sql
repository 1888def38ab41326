-- An error in a branch that is not taken does not happen.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       CASE WHEN max(x) = 0 THEN 0 ELSE 10 / max(x) END AS guarded,
       10 / max(x)                                      AS bare,
       max(x) = 0 OR 10 / max(x) > 1                    AS either
FROM e
GROUP BY k;
