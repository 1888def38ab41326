-- count, min, max, first, last, max_by, mode and DISTINCT take arrays; ties go to the greater one.

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
SELECT k,
       count(a) AS c,
       min(a) AS least_one, max(a) AS most, min(s) AS least_text, max(s) AS most_text, max(n) AS most_number,
       first(a, at) AS first_one, last(a, at) AS last_one, max_by(a, x) AS of_most, min_by(s, x) AS of_least,
       last(n, a) AS by_array,
       max(a) FILTER (WHERE at > now() - interval '7 minutes') AS recent,
       count(DISTINCT a) FILTER (WHERE at > now() - interval '1 day') AS different,
       max(DISTINCT s) AS most_different,
       mode() WITHIN GROUP (ORDER BY s) FILTER (WHERE at > now() - interval '1 day') AS usual,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY a) FILTER (WHERE at > now() - interval '1 day') AS middle,
       cardinality(max(a)) AS size
FROM e
GROUP BY k;
