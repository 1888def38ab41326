-- A literal is read by the column's type.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, x integer DEFAULT 'many', at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
