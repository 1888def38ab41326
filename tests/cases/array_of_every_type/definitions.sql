-- An array of every type: read from JSON, kept, printed as PostgreSQL prints it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  bs boolean[],
  i2 smallint[],
  i4 integer[],
  i8 bigint[],
  f4 real[],
  f8 float8[],
  n numeric[],
  s text[],
  by bytea[],
  u uuid[],
  d date[],
  ts timestamptz[],
  iv interval[],
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(bs, at) AS bs,
       last(i2, at) AS i2,
       last(i4, at) AS i4,
       last(i8, at) AS i8,
       last(f4, at) AS f4,
       last(f8, at) AS f8,
       last(n, at) AS n,
       last(s, at) AS s,
       last(by, at) AS by,
       last(u, at) AS u,
       last(d, at) AS d,
       last(ts, at) AS ts,
       last(iv, at) AS iv,
       count(s) AS c
FROM e
GROUP BY k;
