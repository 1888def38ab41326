-- WHERE keeps two hours: every aggregate of the view sees no more, and the entity goes when nothing is left.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) AS n,
       sum(x) AS s,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS hour,
       min_by(x, x) AS least,
       approx_count_distinct(x) AS d
FROM e
WHERE at > now() - interval '2 hours'
GROUP BY k;
