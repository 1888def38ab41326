-- Syntax errors are found in every statement of the file.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS SELEC k FROM e;
CREATE VIEW s AS SELECT FROM WHERE;
COMMENT ON COLUMN v.k IS 7;
