-- A window of no length holds the events of this very microsecond, if its end is inclusive.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at >= now()) AS now_or_later,
       count(*) FILTER (WHERE at > now())  AS later
FROM e
GROUP BY k;
