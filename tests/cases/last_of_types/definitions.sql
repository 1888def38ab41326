-- last takes values of any type.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  i int2,
  f real,
  n numeric,
  t text,
  b bool,
  u uuid,
  d date,
  z timestamptz,
  v interval,
  y bytea,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(i, at) AS l_i,
       last(f, at) AS l_f,
       last(n, at) AS l_n,
       last(t, at) AS l_t,
       last(b, at) AS l_b,
       last(u, at) AS l_u,
       last(d, at) AS l_d,
       last(z, at) AS l_z,
       last(v, at) AS l_v,
       last(y, at) AS l_y
FROM e
GROUP BY k;
