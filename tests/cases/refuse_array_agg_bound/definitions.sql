-- The bound of array_agg is a constant.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE status AS ENUM ('new', 'paid');
CREATE FOREIGN TABLE e (k text NOT NULL, st status, sts status[], x integer, s text, a integer[], p jsonb, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, (array_agg(x ORDER BY at))[1:length(k)] AS feature
FROM e
GROUP BY k;
