-- smallint: arithmetic stays a smallint beside a smallint, widens beside the wider types; sums are
-- bigint, averages numeric. What is beyond 32767 is a dead letter.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x smallint,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) AS s,
       avg(x) AS a,
       min(x) AS mi,
       max(x) AS ma,
       last(x, at) AS l,
       max(x) + min(x) AS added,
       max(x) + 1 AS widened,
       max(x) / 7::smallint AS divided,
       -min(x) AS negated,
       max(x) = 300 AS same,
       nullif(max(x), 300) AS nulled
FROM e
GROUP BY k;
