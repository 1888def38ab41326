-- CHECK rejects what is false and lets NULL pass.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8 CHECK (x > -10),
  at timestamptz NOT NULL,
  CHECK (x <> 5 OR k = 'b')
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       sum(x) AS s
FROM e
GROUP BY k;
