-- A generated column is cast as INSERT casts.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, x integer GENERATED ALWAYS AS (k) STORED, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
