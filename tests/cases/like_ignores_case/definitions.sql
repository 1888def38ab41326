-- ILIKE takes ASCII letters for the same in both cases.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(s, at) ILIKE 'hel%' AS h,
       last(s, at) NOT ILIKE '%O' AS n,
       last(s, at) ILIKE 'é_' AS e,
       count(*) FILTER (WHERE s ILIKE '_A%') AS c
FROM e
GROUP BY k;
