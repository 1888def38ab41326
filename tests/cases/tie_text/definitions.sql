-- Text ties by bytes, collation "C".

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(s, at) AS l,
       first(s, at) AS f,
       min(s) AS mi,
       max(s) AS ma
FROM e
GROUP BY k;
