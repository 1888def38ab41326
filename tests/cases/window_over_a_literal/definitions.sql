-- The frame of OVER is an interval that need not say so.

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
SELECT DISTINCT ON (k) k, x AS last_x,
       count(*) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN '12 hours' PRECEDING AND CURRENT ROW) AS n
FROM e
WHERE at > now() - interval '30 days'
ORDER BY k, at DESC;
