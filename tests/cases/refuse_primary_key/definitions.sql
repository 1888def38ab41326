-- An event key would keep the event that comes first, and order of arrival must not matter.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  id text PRIMARY KEY, k text, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
