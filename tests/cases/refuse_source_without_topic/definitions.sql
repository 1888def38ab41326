-- A source says which topic it reads.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, at timestamptz
) SERVER events OPTIONS (format 'json', event_time 'at');
