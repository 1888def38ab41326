-- What a model reads of an hour: its place on a circle.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sin(2 * pi() * extract(hour FROM max(at))::float8 / 24) AS hour_sin,
       cos(2 * pi() * extract(hour FROM max(at))::float8 / 24) AS hour_cos
FROM e
GROUP BY k;
