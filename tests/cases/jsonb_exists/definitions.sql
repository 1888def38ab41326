-- ? asks for a name of an object, a string of an array, or a string.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE payload ? 'x') AS x,
       count(*) FILTER (WHERE payload ? '1') AS one,
       count(*) FILTER (WHERE NOT payload ? 'x') AS without,
       bool_or(payload->'o' ? 'y') AS deeper
FROM e
GROUP BY k;
