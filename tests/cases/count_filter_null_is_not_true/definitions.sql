-- A FILTER lets in an event only when it is true: neither false nor NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE ok) AS is_true,
       count(*) FILTER (WHERE NOT ok) AS is_false,
       count(*) FILTER (WHERE ok IS NULL) AS is_null,
       count(x) FILTER (WHERE x > 1 OR ok) AS either
FROM e
GROUP BY k;
