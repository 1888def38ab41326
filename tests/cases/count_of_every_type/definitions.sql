-- count takes any type and looks at nothing but NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  b bool,
  s smallint,
  i int4,
  l int8,
  r real,
  f float8,
  n numeric,
  t text,
  y bytea,
  u uuid,
  d date,
  v interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(b) AS cb,
       count(s) AS cs,
       count(i) AS ci,
       count(l) AS cl,
       count(r) AS cr,
       count(f) AS cf,
       count(n) AS cn,
       count(t) AS ct,
       count(y) AS cy,
       count(u) AS cu,
       count(d) AS cd,
       count(v) AS cv
FROM e
GROUP BY k;
