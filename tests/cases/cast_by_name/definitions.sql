-- The name of a type over one argument is a cast.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  t timestamptz,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       int4(last(x, at)) AS i,
       text(last(x, at)) AS s,
       date(last(t, at)) AS d,
       float8('1.5') AS f
FROM e
GROUP BY k;
