-- NaN wins, infinities of both signs make NaN, one sign stays.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x numeric,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(x) AS ever,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS hour
FROM e
GROUP BY k;
