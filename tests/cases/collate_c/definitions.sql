-- COLLATE "C" is what text compares in.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  n numeric,
  f float8,
  small smallint,
  s text,
  ok boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(s COLLATE "C") AS greatest,
       count(*) FILTER (WHERE s COLLATE "C" > 'p') AS above,
       min(s) COLLATE pg_catalog."C" AS least
FROM e
GROUP BY k;
