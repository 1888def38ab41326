-- A quote in a literal is doubled; a backslash is a backslash.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(t) = 'it''s' AS its,
       max(t) = 'a\b'   AS slash,
       max(t) = ''      AS empty,
       max(t)           AS t
FROM e
GROUP BY k;
