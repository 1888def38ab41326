-- Text: empty is not NULL, and is quoted when it must be.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(s, at) AS s,
       last(s, at) = 'x' AS is_x,
       count(*) FILTER (WHERE s > 'b') AS after_b,
       count(s) AS c
FROM e
GROUP BY k;
