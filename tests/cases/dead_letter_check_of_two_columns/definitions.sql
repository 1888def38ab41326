-- A CHECK over several columns, with a name; NULL passes.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  lo int4,
  hi int4,
  CONSTRAINT in_order CHECK (lo <= hi),
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)     AS n,
       sum(hi - lo) AS span
FROM e
GROUP BY k;
