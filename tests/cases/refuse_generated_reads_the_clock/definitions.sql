-- A generated column that reads the clock would be another at each replay.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, age interval GENERATED ALWAYS AS (now() - at) STORED, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
