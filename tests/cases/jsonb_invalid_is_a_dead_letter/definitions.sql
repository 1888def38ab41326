-- U+0000, half a surrogate pair and a number beyond numeric have no jsonb.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       last(payload::text, at) AS t
FROM e
GROUP BY k;
