-- histogram counts what is below, in each bucket, and at the upper bound and above; bounds may run downward, and NULL counts for nothing.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  s text,
  f float8,
  n numeric,
  ok boolean,
  d interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       histogram(f, 0, 10, 5) AS floats, histogram(x, 1, 6, 5) AS numbers, histogram(n, 3, 1, 2) AS downward,
       histogram(f, 0, 10, 1) FILTER (WHERE at > now() - interval '4 minutes') AS recent,
       (histogram(x, 0, 4, 2))[2] AS first_bucket
FROM e
WHERE at > now() - interval '1 hour'
GROUP BY k;
