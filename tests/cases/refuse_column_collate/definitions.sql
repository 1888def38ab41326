-- Text compares in collation "C".

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text COLLATE "de_DE", at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
