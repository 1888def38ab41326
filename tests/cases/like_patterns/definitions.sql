-- LIKE: % is any text, _ one character; a backslash takes what follows as it is.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(s, at) LIKE 'a%' AS p,
       last(s, at) LIKE 'a_c' AS u,
       last(s, at) LIKE 'a\%c' AS escaped,
       last(s, at) LIKE '__' AS two,
       last(s, at) NOT LIKE '%b%' AS n,
       last(s, at) LIKE '%bc' AS ends,
       last(s, at) LIKE '' AS empty
FROM e
GROUP BY k;
