-- A view has no options, and no CHECK OPTION.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE ask (k text) SERVER request;
CREATE VIEW s WITH (security_barrier) AS SELECT r.k FROM ask r;
CREATE VIEW u AS SELECT r.k FROM ask r WITH CHECK OPTION;
