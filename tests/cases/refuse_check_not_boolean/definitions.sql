-- CHECK is a condition.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, i integer CHECK (i + 1), at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
