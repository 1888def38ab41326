-- A source has one key.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  id text, k text, at timestamptz, UNIQUE (id)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
