-- nullif turns the divisor 0 into NULL, and so the quotient.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) / nullif(count(x), 0) AS mean,
       nullif(max(x), 3)            AS not_3,
       10.0 / nullif(max(x), 0)     AS q
FROM e
GROUP BY k;
