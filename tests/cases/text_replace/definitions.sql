-- replace, translate and reverse.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       replace(last(s, at), 'an', 'AN!') AS r,
       replace(last(s, at), '', 'x') AS nothing,
       translate(last(s, at), 'abα', 'xy') AS t,
       reverse(last(s, at)) AS rev
FROM e
GROUP BY k;
