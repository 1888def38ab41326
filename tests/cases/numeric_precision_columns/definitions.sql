-- numeric(p, s): a value is rounded to s digits, and is a dead letter when more than p - s are left
-- of the point. A negative scale rounds left of the point. A cast does the same, or is an error.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric(5, 2),
  y numeric(3, -2),
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(x, at) AS l,
       sum(x) AS s,
       max(x) AS ma,
       last(y, at) AS hundreds,
       (sum(x) / 3)::numeric(10, 4) AS third,
       max(x)::numeric(4, 1) AS narrow,
       max(x)::numeric(3, 2) AS error_or_not
FROM e
GROUP BY k;
