-- Generated columns are not of the definition language.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, i integer, twice integer GENERATED ALWAYS AS (i * 2) STORED, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
