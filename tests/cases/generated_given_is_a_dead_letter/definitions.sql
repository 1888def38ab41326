-- An event must not give a generated column, not even NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  twice integer GENERATED ALWAYS AS (x * 2) STORED,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)   AS n,
       sum(twice) AS twice
FROM e
GROUP BY k;
