-- The most frequent value of the last hour changes as values leave.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       mode() WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS m,
       mode() WITHIN GROUP (ORDER BY x % 10) FILTER (WHERE at > now() - interval '1 hour') AS digit
FROM e
GROUP BY k;
