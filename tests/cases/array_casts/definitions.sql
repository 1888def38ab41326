-- Arrays are cast element by element; to text and back through what PostgreSQL prints.

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
       last(a::text, at) AS as_text,
       last(s::text, at) AS text,
       last(a::float8[], at) AS floats,
       last(a::text[], at) AS texts,
       last(f::numeric[], at) AS numbers,
       last(a::bool[], at) AS truths,
       last(s::varchar[], at) AS varchars,
       last((a::text)::int[], at) AS back,
       last(CAST('{1,NULL, 3 }' AS smallint[]), at) AS literal,
       last(ARRAY['1', x]::bigint[], at) AS listed,
       last(ARRAY[]::text[], at) AS empty,
       last(ARRAY[1, 2.5, x], at) AS mixed,
       last(ARRAY[t, 'y', NULL], at) AS text_list,
       last('{"a,b","c\"d",NULL,"NULL", e f }'::text[], at) AS quoted,
       last(ARRAY[x IS NULL], at) AS tests,
       last(t || a::text, at) AS after_text,
       last(n, at)::int[] AS whole,
       last(f, at)::int[] AS whole_floats,
       last(t, at)::int[] AS no_array
FROM e
GROUP BY k;
