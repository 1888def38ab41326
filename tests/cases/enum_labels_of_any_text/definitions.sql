-- Labels of any text: quotes, blanks, letters of other languages, the empty one; and a name that is quoted.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE "Mood of day" AS ENUM ('it''s', 'so so', 'günstig', '', 'A', 'a', '99');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  mood "Mood of day",
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       min(mood) AS least,
       max(mood) AS most,
       count(*) FILTER (WHERE mood = 'it''s') AS quoted,
       count(*) FILTER (WHERE mood > 'günstig') AS beyond,
       last(mood::text, at) AS latest
FROM e
GROUP BY k;
