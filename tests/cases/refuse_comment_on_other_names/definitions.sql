-- COMMENT names a relation without schema, or a column by its relation.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
COMMENT ON COLUMN public.e.k IS 'of a schema';
COMMENT ON COLUMN k IS 'of nothing';
COMMENT ON FOREIGN TABLE public.e IS 'of a schema';
