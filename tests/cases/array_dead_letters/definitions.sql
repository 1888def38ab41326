-- What is no array of the column's type, or has more than one dimension, is a dead letter; a text is read as PostgreSQL reads one.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a integer[],
  s text[],
  n numeric[],
  x integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS c, max(a) AS a, max(s) AS s
FROM e
GROUP BY k;
