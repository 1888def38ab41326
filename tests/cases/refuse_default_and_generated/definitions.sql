-- A column is given or generated.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, x integer DEFAULT 1 GENERATED ALWAYS AS (2) STORED, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
