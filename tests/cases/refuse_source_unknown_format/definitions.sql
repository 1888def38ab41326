-- Events are JSON objects.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'avro', event_time 'at');
