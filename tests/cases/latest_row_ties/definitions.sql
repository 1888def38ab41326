-- Rows that tie in ORDER BY: the one with the greater value wins, column by column in the order of the
-- source, NULL lowest; all features come from that one row. PostgreSQL is asked with an ORDER BY that
-- says so; it would pick any of them without.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  s text,
  b boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k) k, s, x, b
FROM e
ORDER BY k, at DESC, x DESC NULLS LAST, s DESC NULLS LAST, b DESC NULLS LAST;
