-- PostgreSQL calls to_char of a time not immutable.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text NOT NULL,
  day text GENERATED ALWAYS AS (to_char(at, 'YYYY-MM-DD')) STORED,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
