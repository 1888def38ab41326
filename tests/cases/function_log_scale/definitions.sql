-- Amounts on a log scale, with nothing below one cent.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       ln(greatest(last(x, at), 0.01)::float8) AS l,
       round(log(greatest(last(x, at), 0.01)::float8)::numeric, 2) AS d
FROM e
GROUP BY k;
