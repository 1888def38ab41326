-- json keeps its text as it was written, blanks and all.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, payload json, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
