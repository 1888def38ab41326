-- A type is known to the statements after it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, s status, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE TYPE status AS ENUM ('new');
