-- A request table has no options.

CREATE FOREIGN TABLE r (k text) SERVER request OPTIONS (topic 'r');
