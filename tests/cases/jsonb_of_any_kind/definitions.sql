-- A column of type jsonb takes any JSON: scalars too. To ->, a scalar is an array of one.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(payload::text, at) AS t,
       last(jsonb_typeof(payload), at) AS kind,
       last(payload->>0, at) AS zeroth,
       last(payload->>-1, at) AS least,
       last(payload->>1, at) AS other,
       last(payload->>'x', at) AS named,
       count(*) FILTER (WHERE payload IS NULL) AS nulls
FROM e
GROUP BY k;
