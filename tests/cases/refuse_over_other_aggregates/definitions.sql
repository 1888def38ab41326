-- What PostgreSQL has not OVER a window, and bounds of now() within a frame that has none.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k)
       k,
       count(DISTINCT i) OVER (PARTITION BY k ORDER BY at)                                  AS a,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY i) OVER (PARTITION BY k ORDER BY at)     AS b,
       sum(i) FILTER (WHERE at > now() - interval '1 day') OVER (PARTITION BY k ORDER BY at) AS c,
       sum(i)                                                                               AS d
FROM e
WHERE at > now() - interval '30 days'
ORDER BY k, at DESC;
