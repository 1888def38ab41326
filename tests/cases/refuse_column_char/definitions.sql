-- char(n) pads with blanks.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k char(3), at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
