-- An aggregate's argument is an expression over the event.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  y float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x * y)                      AS xy,
       sum(x * x)                      AS xx,
       avg(x + 1)                      AS a,
       max(x - 1)                      AS m,
       count(nullif(x, 2))             AS not_2,
       sum(CASE WHEN x > 1 THEN y END) AS some
FROM e
GROUP BY k;
