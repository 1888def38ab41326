-- There is no array of an enum.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE status AS ENUM ('new', 'paid');
CREATE FOREIGN TABLE e (k text NOT NULL, st status, x integer, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, last_n(st, at, 3) AS feature
FROM e
GROUP BY k;
