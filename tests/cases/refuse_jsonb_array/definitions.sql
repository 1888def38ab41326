-- There is no array of jsonb: a jsonb may be one itself.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  list jsonb[],
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE f (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'f', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k, last(ARRAY[payload, payload->'x'], at) AS feature
FROM f
GROUP BY k;
