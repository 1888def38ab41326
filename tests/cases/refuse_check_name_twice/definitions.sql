-- Two conditions of a source have two names.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE q (a integer, at timestamptz, CONSTRAINT c CHECK (a > 0), CONSTRAINT c CHECK (a < 9))
  SERVER events OPTIONS (topic 'q', format 'json', event_time 'at');
