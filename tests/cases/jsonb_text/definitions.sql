-- The text of a jsonb is PostgreSQL's: members by the length of the name, then by its bytes, the last of equal names;
-- numbers as numeric prints them; the escapes that must be.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       first(payload::text, at) AS t
FROM e
GROUP BY k;
