-- PARTITION BY names the key in any order, expressions as they are in DISTINCT ON.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k, i % 2)
       k, i % 2 AS odd,
       last(t, at) OVER w AS t,
       count(other) OVER w AS c
FROM (SELECT *, nullif(i, 5) AS other FROM e UNION ALL SELECT *, 0 FROM e WHERE i > 2) AS s
WHERE at > now() - interval '7 days'
WINDOW w AS (PARTITION BY i % 2, k ORDER BY at RANGE interval '12 hours' PRECEDING)
ORDER BY k, i % 2, at DESC;
