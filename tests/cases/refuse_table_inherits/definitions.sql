-- Columns are written out.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, at timestamptz
) INHERITS (other) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
