-- Each type is hashed by what PostgreSQL prints for it, equal values by one text: 0 and -0, 1 day and 24 hours.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  n smallint,
  r real,
  y bytea,
  u uuid,
  d date,
  i interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       approx_count_distinct(n) AS dn,
       approx_count_distinct(r) AS dr,
       approx_count_distinct(y) AS dy,
       approx_count_distinct(u) AS du,
       approx_count_distinct(d) AS dd,
       approx_count_distinct(i) AS di
FROM e
GROUP BY k;
