-- Any type joins a text by its cast to text.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  d date,
  iv interval,
  n numeric,
  f float8,
  u uuid,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       'd:' || last(d, at) AS d,
       'i:' || last(iv, at) AS i,
       'n:' || last(n, at) AS n,
       'f:' || last(f, at) AS f,
       last(u, at) || '' AS u,
       max(at) || '!' AS t
FROM e
GROUP BY k;
