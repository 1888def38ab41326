-- A request has no generated columns.

CREATE FOREIGN TABLE r (
  k text, x integer, y integer GENERATED ALWAYS AS (x + 1) STORED
) SERVER request;
