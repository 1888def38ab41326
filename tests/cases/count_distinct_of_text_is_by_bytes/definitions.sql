-- Texts that look alike are not one: case, blanks, composed and decomposed letters.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(DISTINCT x) FILTER (WHERE at > now() - interval '2 days') AS n
FROM e
GROUP BY k;
