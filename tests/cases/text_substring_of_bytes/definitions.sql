-- substring of bytea counts bytes.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  b bytea,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       substring(last(b, at) FROM 2 FOR 2) AS a,
       substr(last(b, at), 2) AS b,
       last(b, at) || '\xaa' AS c,
       md5(last(b, at)) AS m
FROM e
GROUP BY k;
