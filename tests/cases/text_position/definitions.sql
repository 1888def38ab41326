-- Where a text is in another, in characters from 1; 0: nowhere.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       position('a' IN last(s, at)) AS a,
       strpos(last(s, at), 'bc') AS bc,
       strpos(last(s, at), '') AS empty,
       starts_with(last(s, at), 'ab') AS starts,
       last(s, at) ^@ '日' AS op,
       ascii(last(s, at)) AS code
FROM e
GROUP BY k;
