-- How many arguments, of any types, are NULL, and how many are not.

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
       max(num_nulls(s, sep, y, m, p)) AS nulls,
       max(num_nonnulls(s, sep, y, m, p)) AS known,
       num_nulls(max(y), NULL, 'x') AS around,
       num_nonnulls(max(s)) AS one
FROM e
GROUP BY k;
