-- timestamp without time zone is no instant.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, at timestamp
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
