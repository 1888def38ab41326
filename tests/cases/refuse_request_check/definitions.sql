-- A request is answered, not rejected.

CREATE FOREIGN TABLE r (k text CHECK (k <> '')) SERVER request;
