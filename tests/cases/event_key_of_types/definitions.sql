-- Keys are equal as PostgreSQL compares their values, and composite ones do not collide.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k numeric NOT NULL,
  f float8,
  d date,
  i interval,
  t text,
  n integer,
  at timestamptz,
  CONSTRAINT once PRIMARY KEY (at, k, f, d, i, t)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       sum(n)   AS sum
FROM e
GROUP BY k;
