-- An entity key over an event key is of columns.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  id text, k text, at timestamptz, PRIMARY KEY (k, id, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS SELECT lower(k) AS k, count(*) AS n FROM e GROUP BY lower(k);
