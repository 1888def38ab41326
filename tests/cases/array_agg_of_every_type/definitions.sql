-- A list of each type, by an order of each type.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE FOREIGN TABLE e (
  k text NOT NULL, b boolean, i2 smallint, i4 integer, i8 bigint, f4 real, f8 float8, n numeric, t text, d date, u uuid,
  y bytea, v interval, m mood, a integer[], at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k,
       (array_agg(b ORDER BY i2, at))[1:2] AS of_b,
       (array_agg(i2 ORDER BY b DESC, at))[1:2] AS of_i2,
       (array_agg(i4 ORDER BY i8, at))[1:2] AS of_i4,
       (array_agg(i8 ORDER BY f4, at))[1:2] AS of_i8,
       (array_agg(f4 ORDER BY f8, at))[1:2] AS of_f4,
       (array_agg(f8 ORDER BY n, at))[1:2] AS of_f8,
       (array_agg(n ORDER BY t, at))[1:2] AS of_n,
       (array_agg(t ORDER BY d DESC, at))[1:2] AS of_t,
       (array_agg(d ORDER BY u, at))[1:2] AS of_d,
       (array_agg(u ORDER BY y, at))[1:2] AS of_u,
       (array_agg(y ORDER BY v DESC NULLS LAST, at))[1:2] AS of_y,
       (array_agg(v ORDER BY m, at))[1:2] AS of_v,
       (array_agg(m ORDER BY a, at))[1:2] AS of_m,
       (array_agg(at ORDER BY at DESC))[1:2] AS of_at
FROM e
WHERE at >= date_trunc('day', now())
GROUP BY k;
