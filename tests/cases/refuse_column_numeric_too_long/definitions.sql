-- A numeric has up to 1,000 digits.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, n numeric(1001, 2), at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
