-- The most frequent value; of several as frequent the least; NULL does not count.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       mode() WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '2 days') AS m
FROM e
GROUP BY k;
