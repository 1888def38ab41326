-- Ends of a text; a negative count is all but so many.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       left(last(s, at), 2) AS l,
       left(last(s, at), -2) AS ln,
       right(last(s, at), 2) AS r,
       right(last(s, at), -2) AS rn
FROM e
GROUP BY k;
