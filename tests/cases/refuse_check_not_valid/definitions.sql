-- A condition of a source is for all its events.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE q (a integer, at timestamptz, CHECK (a > 0) NOT VALID, CHECK (a < 9) NO INHERIT)
  SERVER events OPTIONS (topic 'q', format 'json', event_time 'at');
