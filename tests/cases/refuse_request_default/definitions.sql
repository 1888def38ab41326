-- What is not asked with is NULL.

CREATE FOREIGN TABLE r (
  k text, x integer DEFAULT 1
) SERVER request;
