-- A column holds one value.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  tags SETOF text, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
