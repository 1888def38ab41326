-- Two enums that share labels, each with its own order.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE up AS ENUM ('x', 'y', 'z');
CREATE TYPE down AS ENUM ('z', 'y', 'x');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  u up,
  d down,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(u) AS u,
       max(d) AS d,
       max(u::text::down) AS turned,
       count(*) FILTER (WHERE u::text = d::text) AS same
FROM e
GROUP BY k;
