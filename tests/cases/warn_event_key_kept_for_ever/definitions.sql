-- Without a bound on now() all keys are kept for ever: a repeat may come at any time.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (id text PRIMARY KEY, k text, at timestamptz)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS SELECT k, count(*) AS n FROM e GROUP BY k;
CREATE MATERIALIZED VIEW w AS SELECT k, count(*) AS n FROM e WHERE at > now() - interval '1 day' GROUP BY k;
