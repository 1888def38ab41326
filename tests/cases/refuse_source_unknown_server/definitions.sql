-- A source names a server that is defined before it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, at timestamptz
) SERVER nowhere OPTIONS (topic 'e', format 'json', event_time 'at');
