-- An event key is settled as events come.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, at timestamptz, PRIMARY KEY (k, at) DEFERRABLE
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
