-- A view with a composite key, joined on both columns.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  o text NOT NULL,
  d text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW route AS
SELECT o, d, count(*) AS n, avg(x) AS a
FROM e
GROUP BY o, d;

CREATE FOREIGN TABLE trip (o text, d text) SERVER request;

CREATE VIEW trip_v1 AS
SELECT t.o, t.d, r.n, r.a
FROM trip t
LEFT JOIN route r USING (o, d);
