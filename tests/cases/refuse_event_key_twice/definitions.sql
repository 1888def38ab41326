-- A table has one primary key.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text PRIMARY KEY, at timestamptz, PRIMARY KEY (k, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
