-- Two enums do not compare.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE one AS ENUM ('x');
CREATE TYPE other AS ENUM ('x');
CREATE FOREIGN TABLE e (
  k text, a one, b other, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) FILTER (WHERE a = b) AS same, max(coalesce(a, b)) AS known
FROM e
GROUP BY k;
