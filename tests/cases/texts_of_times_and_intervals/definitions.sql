-- Texts that look like intervals and times but are none, and those that mean another than they seem:
-- what follows a unit without a space, ago and a bare number, years-months, ISO 8601 after a space,
-- minutes and seconds with decimals.
-- of: s

CREATE FOREIGN TABLE r (t text) SERVER request;

CREATE VIEW s AS
SELECT r.t::interval AS span, r.t::timestamptz AS moment, r.t::date AS day
FROM r;
