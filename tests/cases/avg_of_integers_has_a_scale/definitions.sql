-- PostgreSQL's scale: at least 16 significant digits, as many more as the value needs.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       avg(x) AS mean
FROM e
GROUP BY k;
