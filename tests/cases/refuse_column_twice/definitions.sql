-- A column name is given once.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, k integer, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
