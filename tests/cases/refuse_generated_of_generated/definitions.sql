-- A generated column reads those that are given.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, x integer GENERATED ALWAYS AS (length(k)) STORED, y integer GENERATED ALWAYS AS (x + 1) STORED, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
