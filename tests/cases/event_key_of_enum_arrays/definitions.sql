-- Of equal keys at one time the greater row counts, arrays of enums compared by the order of their labels.
-- reach of v: for ever

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE level AS ENUM ('mid', 'high', 'a bit');

CREATE FOREIGN TABLE e (
  k text,
  id integer PRIMARY KEY,
  levels level[],
  x integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS x
FROM e
GROUP BY k;
