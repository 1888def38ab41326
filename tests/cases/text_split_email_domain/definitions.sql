-- The domain of an address, as a feature and in a condition.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       split_part(last(s, at), '@', 2) AS domain,
       count(*) FILTER (WHERE split_part(s, '@', 2) = 'example.com') AS com,
       count(DISTINCT split_part(s, '@', 2)) AS domains
FROM e
GROUP BY k;
