-- Foreign keys are not of the definition language.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text REFERENCES other (k), at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
