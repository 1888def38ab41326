-- A column is of an enum, or an array, but no array of an enum.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE status AS ENUM ('new', 'paid');
CREATE FOREIGN TABLE e (k text NOT NULL, st status[], at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
