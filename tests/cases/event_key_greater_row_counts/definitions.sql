-- Of equal keys with other values the greater row counts, column by column, NULL lowest.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  id text,
  x integer,
  s text,
  at timestamptz NOT NULL,
  PRIMARY KEY (k, id, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)    AS n,
       sum(x)      AS x,
       min(s)      AS least,
       max(s)      AS greatest,
       last(s, at) AS s
FROM e
GROUP BY k;
