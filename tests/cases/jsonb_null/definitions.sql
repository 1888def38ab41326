-- A field that is missing or JSON null is NULL; JSON null within a jsonb is a value, until it is taken as text.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       count(*) FILTER (WHERE payload IS NULL) AS null_payload,
       count(*) FILTER (WHERE payload->'x' IS NULL) AS no_x,
       count(*) FILTER (WHERE payload->>'x' IS NULL) AS no_text,
       count(*) FILTER (WHERE jsonb_typeof(payload->'x') = 'null') AS null_x,
       last((payload->'x')::text, at) AS text
FROM e
GROUP BY k;
