-- Of few values the estimate is the number, and follows the window.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       approx_count_distinct(x) AS ever,
       approx_count_distinct(x) FILTER (WHERE at > now() - interval '1 hour') AS hour,
       approx_count_distinct(x) FILTER (WHERE x > 'b') AS after_b
FROM e
GROUP BY k;
