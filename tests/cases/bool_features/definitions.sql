-- Booleans print t and f.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  b bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(b, at) AS b,
       count(*) FILTER (WHERE b) AS yes,
       count(*) FILTER (WHERE NOT b) AS no,
       count(*) FILTER (WHERE b IS NULL) AS unknown
FROM e
GROUP BY k;
