-- INSERT casts a default to its column where PostgreSQL casts by itself.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, x integer DEFAULT true, at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
