-- UNIQUE as an event key would keep the event that comes first.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  id text, k text, at timestamptz, UNIQUE (id)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
