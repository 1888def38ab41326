-- x operator ANY (array): an empty array decides even for NULL, a NULL element leaves it open.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a integer[],
  b integer[],
  s text[],
  f float8[],
  n numeric[],
  x integer,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(x = ANY (a), at) AS any_of,
       last(x = ALL (a), at) AS all_of,
       last(x <> ALL (a), at) AS not_in,
       last(x < ANY (a), at) AS below,
       last(t = ANY (s), at) AS text,
       last(t LIKE ANY (s), at) AS alike,
       last(x = ANY (f), at) AS widened,
       last(x = ANY (a || x), at) AS computed,
       last(x = ANY ('{1,2}'), at) AS literal,
       last('x' = ANY (s), at) AS unknown,
       last(1 = ANY (ARRAY[x, 10 / nullif(x, 0)]), at) AS divided,
       last(x::int2 = ANY (a), at) AS small,
       last(NULL = ANY (a), at) AS of_null,
       count(*) FILTER (WHERE 2 = ANY (a)) AS with_two,
       array_length(last(a, at), 1) = ANY ('{1,3}') AS short
FROM e
GROUP BY k;
