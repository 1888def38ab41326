-- A default is of one event.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, x bigint DEFAULT sum(1), at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
