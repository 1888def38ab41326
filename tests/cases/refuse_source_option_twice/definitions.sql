-- An option is given once.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, at timestamptz
) SERVER events OPTIONS (topic 'e', topic 'f', format 'json', event_time 'at');
