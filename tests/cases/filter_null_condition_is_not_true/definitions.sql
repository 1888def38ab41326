-- A FILTER whose condition is NULL leaves the event out.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE ok)              AS yes,
       count(*) FILTER (WHERE NOT ok)          AS no,
       count(*) FILTER (WHERE ok IS NULL)      AS unknown,
       count(*) FILTER (WHERE ok IS NOT TRUE)  AS not_true,
       count(*) FILTER (WHERE ok IS NOT FALSE) AS not_false,
       count(*) FILTER (WHERE ok IS UNKNOWN)   AS unknown2
FROM e
GROUP BY k;
