-- A default is a constant.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text DEFAULT 'x' || id, id integer, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
