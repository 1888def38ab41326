-- Secrets come from the environment or the configuration.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at', password 'hunter2');
