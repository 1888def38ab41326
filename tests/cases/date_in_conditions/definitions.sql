-- Dates and times in one condition, an unknown literal beside a date, dates in CASE and greatest.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  d date,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE d = '2020-01-01') AS on_day,
       sum(x) FILTER (WHERE d > at) AS after_event,
       sum(x) FILTER (WHERE at::date = d) AS same_day,
       sum(x) FILTER (WHERE d IN ('2020-01-01', '2020-01-03')) AS listed,
       sum(x) FILTER (WHERE d BETWEEN date '2020-01-01' AND '2020-01-02') AS ranged,
       max(greatest(d, at)) AS greatest_of_both,
       count(*) FILTER (WHERE d IS DISTINCT FROM at) AS distinct_from
FROM e
GROUP BY k;
