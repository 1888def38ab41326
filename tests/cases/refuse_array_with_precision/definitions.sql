-- A length or precision is of a column, not of the elements of an array.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  tags numeric(10, 2)[], at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
