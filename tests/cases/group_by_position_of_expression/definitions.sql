-- GROUP BY names an expression by its place or its alias in the select list. A key that is a numeric
-- is one entity whatever its scale, a key of another type than any column is one too.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  x integer,
  d numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT extract(hour FROM at) AS hour,
       d * 2 AS twice,
       count(*) AS n,
       max(x) AS m
FROM e
GROUP BY twice, 1;
