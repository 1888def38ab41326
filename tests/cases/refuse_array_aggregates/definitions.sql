-- Aggregates that give arrays are refused with what comes nearest.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT k,
       last_n(i, at, 3)       AS a,
       array_agg(i)           AS b,
       top_k(i, 3)            AS c,
       histogram(f, 0, 10, 5) AS d
FROM e
GROUP BY k;
