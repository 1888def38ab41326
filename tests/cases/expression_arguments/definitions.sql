-- Expressions inside aggregates.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  y int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x * y) AS s,
       sum(CASE WHEN x > y THEN 1 ELSE 0 END) AS more,
       max(coalesce(x, y)) AS m,
       avg(x + 0.5) AS a,
       count(nullif(x, 2)) AS c,
       sum(x) FILTER (WHERE x <> y) AS f
FROM e
GROUP BY k;
