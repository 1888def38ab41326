-- A relation is a type too, in PostgreSQL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE e AS ENUM ('new');
CREATE FOREIGN TABLE e (
  k text, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE f (
  k text, at timestamptz
) SERVER events OPTIONS (topic 'f', format 'json', event_time 'at');
CREATE TYPE f AS ENUM ('new');
