-- Accepted events with equal keys are one event, whenever each of them comes.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  id text,
  x integer,
  s text,
  at timestamptz NOT NULL,
  PRIMARY KEY (k, id, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)                                                   AS n,
       sum(x)                                                     AS x,
       count(*) FILTER (WHERE at > now() - interval '2 hours')    AS recent
FROM e
GROUP BY k;
