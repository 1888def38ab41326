-- max_by and min_by are last and first by any ordered column.
-- Events whose y is NULL are left out; an x that is NULL may be the answer.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x text,
  y int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max_by(x, y) AS top,
       min_by(x, y) AS low
FROM e
GROUP BY k;
