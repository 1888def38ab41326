-- a[i] counts from 1 and is NULL outside; a slice is what of it is there; lengths of an empty array are NULL but for cardinality.

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
       last(a[1], at) AS first_one,
       last(a[0], at) AS before,
       last(a[9], at) AS behind,
       last(a[x], at) AS picked,
       last(a[x + 1], at) AS next,
       last(s[2], at) AS text,
       last(f[2], at) AS float,
       last(n[1], at) AS number,
       last(a[2:3], at) AS slice,
       last(a[:2], at) AS head,
       last(a[2:], at) AS tail,
       last(a[3:2], at) AS none,
       last(a[0:1], at) AS clipped,
       last(a[-5:99], at) AS whole,
       last(a[x:x], at) AS one,
       last(a[NULL], at) AS unknown,
       last(a[1.6], at) AS rounded,
       last(array_length(a, 1), at) AS length,
       last(array_length(a, 2), at) AS length_2,
       last(array_lower(a, 1), at) AS low,
       last(array_upper(a, 1), at) AS high,
       last(array_ndims(a), at) AS dimensions,
       last(cardinality(a), at) AS card,
       last((ARRAY[10, 20, x])[3], at) AS listed,
       last(('{4,5,6}'::int[])[2], at) AS literal,
       last((a[2:])[2], at) AS again,
       trim_array(last(a, at), 1) AS trimmed
FROM e
GROUP BY k;
