-- Types outside of the language are refused with those that are in it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, place point, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
