-- = ANY is IN; <> ALL is NOT IN; a NULL in the list leaves it open.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(x, at) = ANY (ARRAY[1, 2, 3]) AS in_list,
       last(x, at) <> ALL (ARRAY[1, 2]) AS not_in,
       last(x, at) > ALL (ARRAY[1, NULL, 3]) AS above,
       last(s, at) LIKE ANY (ARRAY['a%', 'b%']) AS like_any,
       last(x, at) = ANY (ARRAY[1.5, 2]) AS mixed,
       count(*) FILTER (WHERE s = ANY (ARRAY['a', 'b'])) AS c
FROM e
GROUP BY k;
