-- The registry: which definitions were applied, their compiled programs, and which are active.
CREATE SCHEMA IF NOT EXISTS nowthen;

CREATE TABLE IF NOT EXISTS nowthen.program (
  version     serial PRIMARY KEY,
  fingerprint text NOT NULL UNIQUE,
  definitions text NOT NULL,              -- the definition file, to the byte
  c           text NOT NULL,              -- what it was compiled to
  program     bytea NOT NULL,             -- program.so
  manifest    text NOT NULL,              -- manifest.json, with the hash of program
  applied_at  timestamptz NOT NULL DEFAULT now(),
  is_active   boolean NOT NULL
);
COMMENT ON TABLE nowthen.program IS 'definition files that were applied, compiled';
CREATE UNIQUE INDEX IF NOT EXISTS program_active ON nowthen.program (is_active) WHERE is_active;

-- Views, services and sources of the active program; the fingerprint says when an object is another.
CREATE TABLE IF NOT EXISTS nowthen.object (
  kind        text NOT NULL CHECK (kind IN ('source', 'view', 'service')),
  name        text NOT NULL,
  fingerprint text NOT NULL,
  PRIMARY KEY (kind, name)
);
COMMENT ON TABLE nowthen.object IS 'what the active definitions define';
