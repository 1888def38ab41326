-- LIKE with an escape character of its own, and with none.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(s, at) LIKE '50!%' ESCAPE '!' AS own,
       last(s, at) LIKE 'a\b' ESCAPE '' AS none,
       last(s, at) LIKE 'a!!b' ESCAPE '!' AS twice,
       last(s, at) LIKE 'a\\b' AS backslash
FROM e
GROUP BY k;
