-- The length of a varchar is at least 1.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k varchar(0), at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
