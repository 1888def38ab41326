-- CHECK cannot read the clock: the same event would be good now and bad later.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text, at timestamptz CHECK (at < now())
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
