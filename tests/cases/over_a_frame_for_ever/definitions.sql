-- Without a window in WHERE the latest event may be of any age, and its frame with it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k)
       k,
       count(*) OVER w AS c,
       min(t) OVER w   AS t,
       stddev(i) OVER w AS d
FROM e
WINDOW w AS (PARTITION BY k ORDER BY at RANGE '1 day'::interval PRECEDING)
ORDER BY k, at DESC;
