-- min and max of every ordered type.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  i int2,
  f real,
  n numeric,
  t text,
  d date,
  z timestamptz,
  v interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       min(i) AS lo_i,
       min(f) AS lo_f,
       min(n) AS lo_n,
       min(t) AS lo_t,
       min(d) AS lo_d,
       min(z) AS lo_z,
       min(v) AS lo_v,
       max(i) AS hi_i,
       max(f) AS hi_f,
       max(n) AS hi_n,
       max(t) AS hi_t,
       max(d) AS hi_d,
       max(z) AS hi_z,
       max(v) AS hi_v
FROM e
GROUP BY k;
