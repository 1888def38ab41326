-- A request is no event.

CREATE FOREIGN TABLE r (
  k text PRIMARY KEY
) SERVER request;
