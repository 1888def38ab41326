-- Division by zero in the read part: that feature is NULL, the others stand.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       10 / max(x) AS bad,
       max(x) AS good,
       10 % min(x) AS worse
FROM e
GROUP BY k;
