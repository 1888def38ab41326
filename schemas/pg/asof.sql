-- The oracle's own now(): what the setting asof.now says. Ahead of pg_catalog in the search path it
-- takes the place of now() in the SELECTs of a definition file, which then run unmodified at any T.
--
-- IMMUTABLE is a white lie: it lets the planner fold the call into a constant, so that an index on
-- event time serves. Every question is planned anew, after the setting is set.
DROP SCHEMA IF EXISTS asof_row CASCADE;
DROP SCHEMA IF EXISTS asof_once CASCADE;
DROP SCHEMA IF EXISTS asof CASCADE;
CREATE SCHEMA asof;
CREATE SCHEMA asof_row;
CREATE SCHEMA asof_once;
CREATE FUNCTION asof.now() RETURNS timestamptz LANGUAGE sql IMMUTABLE
  AS $$ SELECT pg_catalog.current_setting('asof.now')::timestamptz $$;
