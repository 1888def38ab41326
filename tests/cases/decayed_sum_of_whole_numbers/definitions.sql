-- Whole numbers and numerics are cast to float8; before 2000 as after.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n int4,
  w bigint,
  d numeric,
  r real,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       decayed_sum(n, at, interval '1 hour') AS n,
       decayed_sum(w, at, interval '1 hour') AS w,
       decayed_sum(d, at, interval '1 hour') AS d,
       decayed_sum(r, at, interval '1 hour') AS r,
       decayed_sum(1, at, '1 day') AS one
FROM e
GROUP BY k;
