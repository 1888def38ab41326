-- CHECK reads columns of the source.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, at timestamptz, CHECK (missing > 0)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
