-- A history says where in the log its events were, in columns that no source has.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, log_partition integer, log_offset bigint, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE question (log_offset bigint) SERVER request;
