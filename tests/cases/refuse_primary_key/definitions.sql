-- An event key without the event time could only be kept for ever.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  id text PRIMARY KEY, k text, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
