-- trim, ltrim and rtrim of blanks and of any set of characters.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       trim(last(s, at)) AS b,
       trim(both 'xy' from last(s, at)) AS xy,
       trim(leading 'x' from last(s, at)) AS l,
       rtrim(last(s, at), '日y x') AS r,
       btrim(last(s, at), '') AS none,
       ltrim(last(s, at)) AS lt
FROM e
GROUP BY k;
