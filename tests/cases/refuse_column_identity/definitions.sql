-- Identity columns number the rows in their order of arrival.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  id bigint GENERATED ALWAYS AS IDENTITY, k text, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
