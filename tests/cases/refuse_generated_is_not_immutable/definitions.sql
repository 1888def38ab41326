-- PostgreSQL refuses a generated column that depends on the session's settings.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, day date GENERATED ALWAYS AS (at::date) STORED, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
