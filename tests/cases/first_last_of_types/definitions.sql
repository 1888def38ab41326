-- The earliest and the latest value of each type, by event time.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  b bool,
  n numeric,
  t text,
  u uuid,
  y bytea,
  d date,
  v interval,
  r real,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       first(b, at) AS first_b,
       last(b, at) AS last_b,
       first(n, at) AS first_n,
       last(n, at) AS last_n,
       first(t, at) AS first_t,
       last(t, at) AS last_t,
       first(u, at) AS first_u,
       last(u, at) AS last_u,
       first(y, at) AS first_y,
       last(y, at) AS last_y,
       first(d, at) AS first_d,
       last(d, at) AS last_d,
       first(v, at) AS first_v,
       last(v, at) AS last_v,
       first(r, at) AS first_r,
       last(r, at) AS last_r
FROM e
GROUP BY k;
