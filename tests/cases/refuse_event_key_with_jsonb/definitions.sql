-- Which of two events with one key is the greater row takes an order of all columns.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text,
  id integer,
  payload jsonb,
  at timestamptz,
  PRIMARY KEY (k, id, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
