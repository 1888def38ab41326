-- A column has one default.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text DEFAULT 'a' DEFAULT 'b', at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
