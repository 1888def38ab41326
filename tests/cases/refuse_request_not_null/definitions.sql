-- A request is answered, not rejected.

CREATE FOREIGN TABLE r (k text NOT NULL) SERVER request;
