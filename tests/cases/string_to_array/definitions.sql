-- A text to the list of its parts; a NULL separator parts every character.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  sep text,
  y integer,
  m integer,
  p jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(string_to_array(s, ','), at) AS parts,
       last(string_to_array(s, sep), at) AS by_own,
       last(string_to_array(s, NULL), at) AS characters,
       last(string_to_array(s, '', 'x,y,,z'), at) AS whole,
       last(string_to_array(s, ',', ''), at) AS with_null,
       last(cardinality(string_to_array(s, ',')), at) AS count,
       last((string_to_array(s, ','))[2], at) AS second,
       last('y' = ANY (string_to_array(s, ',')), at) AS has_y,
       last(string_to_array(s, ',')::text, at) AS text
FROM e
GROUP BY k;
