-- A default that cannot be computed or does not fit rejects the events that need it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer DEFAULT 1 / 0,
  v varchar(2) DEFAULT 'abc',
  c integer DEFAULT -1 CHECK (c > 0),
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       sum(x)   AS x
FROM e
GROUP BY k;
