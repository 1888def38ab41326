-- The greatest y of the last hour, not of all time; with a condition, of those events that meet it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  y numeric,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max_by(x, y) AS ever,
       max_by(x, y) FILTER (WHERE at > now() - interval '1 hour') AS hour,
       min_by(x, y) FILTER (WHERE at > now() - interval '1 hour') AS least_hour,
       max_by(x, y) FILTER (WHERE ok) AS ok_ever
FROM e
GROUP BY k;
